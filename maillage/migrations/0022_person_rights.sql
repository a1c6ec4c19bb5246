-- What people ask of the site about themselves: a copy of all that is theirs, their erasure, and
-- the people they followed elsewhere.

-- One copy that somebody asked for. `file_name` is chosen before the file is put into the store, so
-- that none is ever forgotten; without an account the file goes.
CREATE TABLE export (
  id BIGINT PRIMARY KEY,
  account_id BIGINT REFERENCES account (id) ON DELETE SET NULL,
  progress TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  claimed_until BIGINT NOT NULL DEFAULT 0,
  file_name TEXT NOT NULL DEFAULT '',
  bytes BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  done_at BIGINT
);
CREATE UNIQUE INDEX export_one ON export (account_id) WHERE progress = 'pending';
CREATE INDEX export_account ON export (account_id, id);

-- The erasure of a person: waiting until `due_at`, taken_back, or done. `hidden` is what her
-- profile said (JSON, sealed), NULL when it was hidden before. Nothing that she wrote stands here.
CREATE TABLE erasure (
  id BIGINT PRIMARY KEY,
  actor_uri TEXT NOT NULL,
  progress TEXT NOT NULL,
  is_own BOOLEAN NOT NULL,
  link_hash TEXT NOT NULL UNIQUE,
  hidden BYTES,
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE UNIQUE INDEX erasure_one ON erasure (actor_uri) WHERE progress = 'waiting';
CREATE INDEX erasure_due ON erasure (due_at) WHERE progress = 'waiting';

-- Each other site that was handed something of hers, and what it says of it.
CREATE TABLE erasure_site (
  erasure_id BIGINT NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
  origin TEXT NOT NULL,
  is_partner BOOLEAN NOT NULL,
  asked_at BIGINT,
  confirmed_at BIGINT,
  still_held BIGINT,
  looked_at BIGINT,
  next_at BIGINT NOT NULL DEFAULT 0,
  note TEXT,
  PRIMARY KEY (erasure_id, origin)
);
CREATE INDEX erasure_site_open ON erasure_site (next_at) WHERE confirmed_at IS NULL;
CREATE INDEX tombstone_actor ON tombstone (actor_uri);

-- People to follow from a file that somebody brought: asked one by one, by a loop.
CREATE TABLE follow_wanted (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  acct TEXT NOT NULL,
  reblogs BOOLEAN NOT NULL,
  notify BOOLEAN NOT NULL,
  languages TEXT NOT NULL,
  progress TEXT NOT NULL,
  code TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (account_id, acct)
);
CREATE INDEX follow_wanted_due ON follow_wanted (next_at, id) WHERE progress = 'pending';
