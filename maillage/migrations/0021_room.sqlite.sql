-- What takes room without being asked: a second key beside each digest, sizes of documents that
-- only a ranking by weight would read, and the address of a page that is the id itself.
CREATE TABLE seen_without (
  digest BYTES PRIMARY KEY,
  taken_back_at BIGINT,
  taken_back_by BYTES
) WITHOUT ROWID;
INSERT INTO seen_without SELECT digest, taken_back_at, taken_back_by FROM seen;
DROP TABLE seen;
ALTER TABLE seen_without RENAME TO seen;

DROP TRIGGER status_words_gone;
CREATE VIRTUAL TABLE status_words_lean
  USING fts5 (words, stems, tokenize = 'unicode61', columnsize = 0);
INSERT INTO status_words_lean (rowid, words, stems) SELECT rowid, words, stems FROM status_words;
DROP TABLE status_words;
ALTER TABLE status_words_lean RENAME TO status_words;
CREATE TRIGGER status_words_gone AFTER DELETE ON status BEGIN
  DELETE FROM status_words WHERE rowid = old.id;
END;

UPDATE status SET url = NULL WHERE url = uri;
