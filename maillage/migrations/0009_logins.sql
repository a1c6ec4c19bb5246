-- How people of this node sign in, and the letters it sends them.

-- The letters that leave by SMTP: written with the act that causes them, sent by a loop. `sealed`
-- holds subject and text, and is NULL once the letter has gone or was given up.
CREATE TABLE mail (
  id BIGINT PRIMARY KEY,
  recipient TEXT NOT NULL,
  template TEXT NOT NULL,
  sealed BYTES,
  progress TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_error TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX mail_due ON mail (next_attempt_at) WHERE progress = 'pending';
CREATE INDEX mail_recipient ON mail (recipient, created_at);

ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN is_shared BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX session_account ON session (account_id);

-- A browser whose person gave the password and not yet the second factor: signed in to nothing.
CREATE TABLE half_session (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  is_shared BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- last_step is the 30-second step of the last code that was taken: none is taken twice.
CREATE TABLE totp (
  account_id BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  sealed BYTES NOT NULL,
  last_step BIGINT NOT NULL DEFAULT 0,
  confirmed_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE recovery_code (
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE passkey (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  credential_id TEXT NOT NULL UNIQUE,
  public_key BYTES NOT NULL,
  sign_count BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX passkey_account ON passkey (account_id, id);

-- The challenges that were answered, until they expire: each is answered once.
CREATE TABLE passkey_answer (
  challenge_hash TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE TABLE password_reset (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_account ON password_reset (account_id);
