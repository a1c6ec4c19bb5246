-- What agreements let through beyond audiences, keys that change, and directories of partners.

-- A key that was followed by another: ours is kept for those that do not know the new one yet,
-- a partner's counts for what was on its way.
ALTER TABLE key ADD COLUMN retired_at BIGINT;

-- The key of ours that this site knows, while it has not taken the newest; NULL: the newest.
ALTER TABLE partnership ADD COLUMN signs_with TEXT;

-- Whose file a copy is, and until when it may be kept; NULL: as long as any copy.
ALTER TABLE proxied ADD COLUMN origin TEXT;
ALTER TABLE proxied ADD COLUMN until_at BIGINT;
CREATE INDEX proxied_origin ON proxied (origin) WHERE origin IS NOT NULL;

-- Requests in a partner's name that were turned away before anything was stored: how many.
CREATE TABLE partner_refusal (
  origin TEXT NOT NULL,
  code TEXT NOT NULL,
  requests BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (origin, code)
);

-- What whoever manages partners is told; `about` keeps the same from being said twice.
CREATE TABLE partner_notice (
  id BIGINT PRIMARY KEY,
  origin TEXT NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  about TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  seen_at BIGINT
);
CREATE INDEX partner_notice_unseen ON partner_notice (id) WHERE seen_at IS NULL;

-- The text of a convention, by its SHA-256: ours, and those that were read before confirming.
-- What this site offers from now on refers to the current one.
CREATE TABLE terms_text (
  digest TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  is_current BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);

-- How far a person lets herself be found, and which fields of her profile go along.
CREATE TABLE directory_choice (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id) ON DELETE CASCADE,
  reach TEXT NOT NULL,
  shared TEXT NOT NULL DEFAULT '[]',
  changed_at BIGINT NOT NULL
);

-- Where people of partners come from, and when to ask again.
CREATE TABLE directory_source (
  origin TEXT PRIMARY KEY,
  digest TEXT NOT NULL DEFAULT '',
  due_at BIGINT NOT NULL,
  fetched_at BIGINT,
  last_error TEXT
);

CREATE TABLE directory_entry (
  uri TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  fields TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX directory_entry_origin ON directory_entry (origin, uri);
