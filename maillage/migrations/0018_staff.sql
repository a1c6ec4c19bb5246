-- Pages of those who run the site: whom an invitation is for, notes on reports, and what two
-- persons of staff opened together.

-- for_name: as the inviting person wrote it; '' for whoever holds the code.
ALTER TABLE invitation ADD COLUMN for_name TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN made_by_id BIGINT;

CREATE TABLE report_note (
  id BIGINT PRIMARY KEY,
  report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  author_id BIGINT REFERENCES actor (id) ON DELETE SET NULL,
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX report_note_report ON report_note (report_id, id);

-- One opening of what is confidential: asked by one person, confirmed by another, for a while.
-- hold: why the persons concerned are not told; '' when they are.
CREATE TABLE disclosure (
  id BIGINT PRIMARY KEY,
  report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  asked_by_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  hold TEXT NOT NULL DEFAULT '',
  asked_until BIGINT NOT NULL,
  answered_by_id BIGINT REFERENCES actor (id) ON DELETE CASCADE,
  answered_at BIGINT,
  is_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  open_until BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX disclosure_report ON disclosure (report_id, id);
