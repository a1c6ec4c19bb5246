-- When people may be told of something: outside these hours push messages and letters wait.

-- `kind` is 'own', or 'never'; whoever has no row is told at any hour. `week` is JSON: for each day
-- from Monday its [start, end] in minutes of the day, or null. An end not after its start is on
-- the next day.
CREATE TABLE told_hours (
  account_id BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  week TEXT NOT NULL
);
