-- Polls that end and tell their figures, quotes and their approval (FEP-044f), reactions with an emoji.
ALTER TABLE poll ADD COLUMN tally_sent_at BIGINT;
ALTER TABLE poll ADD COLUMN tally_due_at BIGINT;
ALTER TABLE poll ADD COLUMN ended_at BIGINT;
-- Of a poll elsewhere: when somebody wanted its figures, and when they were last asked for.
ALTER TABLE poll ADD COLUMN refresh_due_at BIGINT;
ALTER TABLE poll ADD COLUMN refreshed_at BIGINT;
CREATE INDEX poll_refresh ON poll (refresh_due_at, id) WHERE refresh_due_at IS NOT NULL;
CREATE INDEX poll_tally ON poll (tally_due_at) WHERE tally_due_at IS NOT NULL;
CREATE INDEX poll_open ON poll (ends_at) WHERE ended_at IS NULL AND ends_at IS NOT NULL;

-- What the author lets others quote: words as in the client API, NULL when nothing was said.
ALTER TABLE status ADD COLUMN quote_automatic TEXT;
ALTER TABLE status ADD COLUMN quote_manual TEXT;
-- NULL for what quotes nothing.
ALTER TABLE status ADD COLUMN quote_state TEXT;
ALTER TABLE status ADD COLUMN quotes_count BIGINT NOT NULL DEFAULT 0;
CREATE INDEX status_quote ON status (quote_of_id, id) WHERE quote_of_id IS NOT NULL;
CREATE INDEX status_quoting ON status (quote_uri) WHERE quote_uri IS NOT NULL;

-- How a quote was asked for and allowed; legacy when it came in a spelling that knows no approval;
-- next_check_at while something is to be fetched for it.
CREATE TABLE quote (
  status_id BIGINT PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
  request_uri TEXT,
  stamp_uri TEXT,
  legacy BOOLEAN NOT NULL DEFAULT FALSE,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_check_at BIGINT
);
CREATE INDEX quote_request ON quote (request_uri) WHERE request_uri IS NOT NULL;
CREATE INDEX quote_stamp ON quote (stamp_uri) WHERE stamp_uri IS NOT NULL;
CREATE INDEX quote_due ON quote (next_check_at) WHERE next_check_at IS NOT NULL;

-- Each emoji somebody reacted with; all of them together count as one favourite.
CREATE TABLE reaction (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  uri TEXT NOT NULL,
  emoji TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, status_id, emoji)
);
CREATE INDEX reaction_status ON reaction (status_id);
CREATE INDEX reaction_uri ON reaction (uri);
