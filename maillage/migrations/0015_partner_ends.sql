-- What partners themselves say that they hold, and the end of agreements: what both sides keep of it.

-- Since when the Delete of an object is on its way there: it is repeated until it is confirmed.
ALTER TABLE held ADD COLUMN deleting_since BIGINT;
CREATE INDEX held_unconfirmed ON held (origin, last_at)
  WHERE state IN ('handed_over', 'delete_sent');
CREATE INDEX held_deleting ON held (last_at) WHERE state = 'delete_sent';
CREATE INDEX held_origin ON held (origin, object_uri);
CREATE INDEX tombstone_age ON tombstone (deleted_at, uri);
CREATE INDEX activity_refused ON activity (id)
  WHERE origin = 'remote' AND progress IN ('refused', 'failed');

-- When a partner was last asked what it holds, when for everything, and when it may be asked again.
ALTER TABLE partnership ADD COLUMN holdings_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partnership ADD COLUMN compared_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partnership ADD COLUMN ask_after BIGINT NOT NULL DEFAULT 0;
-- Whether what it said may still be read here after the end.
ALTER TABLE partnership ADD COLUMN keeps BOOLEAN NOT NULL DEFAULT FALSE;

-- What stands still in both directions: one origin, or '*' for all.
CREATE TABLE stopped (
  origin TEXT PRIMARY KEY,
  by_uri TEXT NOT NULL,
  stopped_at BIGINT NOT NULL
);

-- The end of an agreement: who ended it, what was agreed for then, how far this site is with
-- removing what it held, and the receipts of both sides, as they were signed.
CREATE TABLE parting (
  agreement_uri TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  name TEXT NOT NULL,
  revision BIGINT NOT NULL,
  digest TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ended_by TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  undo_uri TEXT,
  we_keep BOOLEAN NOT NULL,
  they_keep BOOLEAN NOT NULL,
  our_backup_days BIGINT NOT NULL,
  their_backup_days BIGINT NOT NULL,
  progress TEXT NOT NULL,
  objects BIGINT NOT NULL DEFAULT 0,
  media BIGINT NOT NULL DEFAULT 0,
  notifications BIGINT NOT NULL DEFAULT 0,
  profiles BIGINT NOT NULL DEFAULT 0,
  objects_digest TEXT NOT NULL DEFAULT '',
  our_receipt TEXT,
  their_receipt TEXT,
  receipt_at BIGINT,
  heard_at BIGINT,
  repeated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX parting_origin ON parting (origin, ended_at);
CREATE INDEX parting_open ON parting (ended_at) WHERE progress = 'purging';

-- Follows that ended with an agreement, of people here: they come back with a new one.
CREATE TABLE lost_follow (
  id BIGINT PRIMARY KEY,
  origin TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  other_uri TEXT NOT NULL,
  follows_us BOOLEAN NOT NULL,
  notify BOOLEAN NOT NULL DEFAULT FALSE,
  show_reblogs BOOLEAN NOT NULL DEFAULT TRUE,
  languages TEXT NOT NULL DEFAULT '[]',
  lost_at BIGINT NOT NULL,
  UNIQUE (person_id, other_uri, follows_us)
);
CREATE INDEX lost_follow_origin ON lost_follow (origin, id);
