-- Administration: what staff decides about people and domains, what the site says of itself,
-- how one becomes a member, and the chained record of every act of staff.

ALTER TABLE actor ADD COLUMN silenced_at BIGINT;
ALTER TABLE actor ADD COLUMN sensitized_at BIGINT;
-- Staff decided that the media of its author are covered; what the author said is `sensitive`.
ALTER TABLE status ADD COLUMN is_covered BOOLEAN NOT NULL DEFAULT FALSE;
-- The role shown beside a name, for the roles that are shown; '' for all others.
ALTER TABLE actor ADD COLUMN badge TEXT NOT NULL DEFAULT '';
UPDATE actor SET badge = (SELECT account.role FROM account WHERE account.actor_id = actor.id)
  WHERE id IN (SELECT actor_id FROM account
    WHERE role IN ('moderator', 'communication', 'protection', 'administrator'));

ALTER TABLE account ADD COLUMN is_approved BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE account ADD COLUMN is_confirmed BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE report ADD COLUMN rule_ids TEXT NOT NULL DEFAULT '[]';
ALTER TABLE report ADD COLUMN is_forwarded BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE report ADD COLUMN assigned_id BIGINT;
ALTER TABLE report ADD COLUMN action_taken_by_id BIGINT;
ALTER TABLE report ADD COLUMN updated_at BIGINT;
CREATE INDEX report_target ON report (target_id);
CREATE INDEX report_actor ON report (actor_id);

-- What was done about a person, as she is told it.
CREATE TABLE strike (
  id BIGINT PRIMARY KEY,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  action TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '',
  report_id BIGINT REFERENCES report (id) ON DELETE SET NULL,
  status_ids TEXT NOT NULL DEFAULT '[]',
  created_at BIGINT NOT NULL
);
CREATE INDEX strike_target ON strike (target_id, id);

-- Each row holds the SHA-256 of the one before, so a changed or missing row is found.
CREATE TABLE audit (
  number BIGINT PRIMARY KEY,
  staff_uri TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL
);

CREATE TABLE invitation (
  id BIGINT PRIMARY KEY,
  code_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL REFERENCES role (name),
  uses_left BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

-- How an account came to be; gone with it.
CREATE TABLE sign_up (
  account_id BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  reason TEXT,
  invitation_id BIGINT REFERENCES invitation (id) ON DELETE SET NULL,
  confirmation_hash TEXT UNIQUE,
  confirmation_sent_at BIGINT,
  created_at BIGINT NOT NULL
);

-- What staff wrote down about an origin beyond its policy, which stands in peer.
CREATE TABLE domain_decision (
  id BIGINT PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  severity TEXT NOT NULL,
  reject_media BOOLEAN NOT NULL DEFAULT FALSE,
  reject_reports BOOLEAN NOT NULL DEFAULT FALSE,
  obfuscate BOOLEAN NOT NULL DEFAULT FALSE,
  private_comment TEXT NOT NULL DEFAULT '',
  public_comment TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);

CREATE TABLE email_domain_block (
  id BIGINT PRIMARY KEY,
  domain TEXT NOT NULL UNIQUE,
  allows_with_approval BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);

CREATE TABLE canonical_email_block (
  id BIGINT PRIMARY KEY,
  email_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE ip_block (
  id BIGINT PRIMARY KEY,
  network TEXT NOT NULL UNIQUE,
  severity TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE tag_decision (
  tag_id BIGINT PRIMARY KEY REFERENCES tag (id) ON DELETE CASCADE,
  display_name TEXT,
  is_usable BOOLEAN NOT NULL DEFAULT TRUE,
  is_listable BOOLEAN NOT NULL DEFAULT TRUE,
  is_trendable BOOLEAN,
  reviewed_at BIGINT
);

-- subject: the id of a status, the address of a link, the host of a publisher.
CREATE TABLE trend_decision (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  is_allowed BOOLEAN NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);

CREATE TABLE announcement (
  id BIGINT PRIMARY KEY,
  text TEXT NOT NULL,
  content_html TEXT NOT NULL,
  starts_at BIGINT,
  ends_at BIGINT,
  all_day BOOLEAN NOT NULL DEFAULT FALSE,
  scheduled_at BIGINT,
  published_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE announcement_dismissal (
  announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  PRIMARY KEY (announcement_id, account_id)
);

CREATE TABLE announcement_reaction (
  announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (announcement_id, name, account_id)
);

-- The pictures of this site's own emojis; small, so they live beside their names.
CREATE TABLE custom_emoji (
  shortcode TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  content BYTES NOT NULL,
  category TEXT,
  is_disabled BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);
