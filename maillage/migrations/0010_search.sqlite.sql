-- The words of statuses and their stems, made by outbox/words.py; rowid is the status's id.
CREATE VIRTUAL TABLE status_words USING fts5 (words, stems, tokenize = 'unicode61');
CREATE TRIGGER status_words_gone AFTER DELETE ON status BEGIN
  DELETE FROM status_words WHERE rowid = old.id;
END;

-- What was there before this release, taken into the index bit by bit.
CREATE TABLE search_backlog (status_id BIGINT PRIMARY KEY);
INSERT INTO search_backlog (status_id) SELECT id FROM status WHERE reblog_of_id IS NULL;

-- Names as they are searched: folded words with a space before each; empty: not made yet.
ALTER TABLE actor ADD COLUMN search_words TEXT NOT NULL DEFAULT '';
CREATE INDEX actor_unsearchable ON actor (id) WHERE search_words = '';
