-- The life of a status: what it said before each edit, what is published later, which threads
-- a person mutes, and the conversations of named people.

-- What an edit replaced, in full: media as they were described then (a JSON list of rows), and
-- the options of a poll (a JSON list of titles; null without a poll).
ALTER TABLE status_edit ADD COLUMN emojis TEXT NOT NULL DEFAULT '[]';
ALTER TABLE status_edit ADD COLUMN media TEXT NOT NULL DEFAULT '[]';
ALTER TABLE status_edit ADD COLUMN poll_options TEXT;

-- A draft (JSON) that its account publishes at a moment; the row goes when the status comes.
CREATE TABLE scheduled_status (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  scheduled_at BIGINT NOT NULL,
  draft TEXT NOT NULL,
  idempotency_key TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX scheduled_status_due ON scheduled_status (scheduled_at, id);
CREATE INDEX scheduled_status_account ON scheduled_status (account_id, id);
CREATE UNIQUE INDEX scheduled_status_idempotency ON scheduled_status (account_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;

-- Media that wait with a draft: nobody else's, and in no other draft or status.
CREATE TABLE scheduled_attachment (
  attachment_id BIGINT PRIMARY KEY REFERENCES attachment (id) ON DELETE CASCADE,
  scheduled_id BIGINT NOT NULL REFERENCES scheduled_status (id) ON DELETE CASCADE,
  position BIGINT NOT NULL
);
CREATE INDEX scheduled_attachment_scheduled ON scheduled_attachment (scheduled_id);

-- A thread of which a person wants no notifications, known by its root.
CREATE TABLE thread_mute (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  thread_root_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, thread_root_id)
);
CREATE INDEX thread_mute_thread ON thread_mute (thread_root_id);

-- A thread of messages to named people, for each person of this node who is in it.
CREATE TABLE conversation (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  thread_root_id BIGINT NOT NULL,
  last_status_id BIGINT NOT NULL,
  unread BOOLEAN NOT NULL DEFAULT FALSE,
  hidden BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (actor_id, thread_root_id)
);
CREATE INDEX conversation_page ON conversation (actor_id, last_status_id) WHERE NOT hidden;
CREATE INDEX conversation_thread ON conversation (thread_root_id);
CREATE INDEX conversation_last ON conversation (last_status_id);
