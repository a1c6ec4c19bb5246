-- The words of statuses and their stems, made by outbox/words.py.
CREATE TABLE status_words (
  rowid BIGINT PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
  words TSVECTOR NOT NULL,
  stems TSVECTOR NOT NULL
);
-- What was just written is found as fast as the rest.
CREATE INDEX status_words_words ON status_words USING GIN (words) WITH (fastupdate = off);
CREATE INDEX status_words_stems ON status_words USING GIN (stems) WITH (fastupdate = off);

-- What was there before this release, taken into the index bit by bit.
CREATE TABLE search_backlog (status_id BIGINT PRIMARY KEY);
INSERT INTO search_backlog (status_id) SELECT id FROM status WHERE reblog_of_id IS NULL;

-- Names as they are searched: folded words with a space before each; empty: not made yet.
ALTER TABLE actor ADD COLUMN search_words TEXT NOT NULL DEFAULT '';
CREATE INDEX actor_unsearchable ON actor (id) WHERE search_words = '';
