-- What is still to be fetched of the past of those who are followed here; and what a node knows of
-- its own backups and of those of its partners.

-- One row for each actor of elsewhere whose past was asked for; pending until `done_at` is set.
CREATE TABLE backfill (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id) ON DELETE CASCADE,
  asked_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  done_at BIGINT
);
CREATE INDEX backfill_due ON backfill (next_attempt_at, actor_id) WHERE done_at IS NULL;

-- One row: how far this database has come. The same number stands in a file beside it.
CREATE TABLE incarnation (
  id BIGINT PRIMARY KEY,
  number BIGINT NOT NULL,
  marked_at BIGINT NOT NULL
);

-- One row for each partner: whether it waits for a comparison, how far its database had come when
-- it was last heard of, and what the last comparison found.
CREATE TABLE reconciliation (
  origin TEXT PRIMARY KEY,
  held_for TEXT,
  held_at BIGINT,
  number BIGINT NOT NULL DEFAULT 0,
  lost BOOLEAN NOT NULL DEFAULT FALSE,
  compared_at BIGINT,
  next_at BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  note TEXT
);
CREATE INDEX reconciliation_due ON reconciliation (next_at, origin);

-- Whose followers here are other ones than the peer said (FEP-8fcf): looked at once, soon.
CREATE TABLE followers_check (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  digest TEXT NOT NULL,
  due_at BIGINT NOT NULL
);
