-- What people have begun to write on the pages and not published yet: theirs alone.

-- `key` is that of the form, and becomes the idempotency key of what is published. `version` is
-- counted up by each save, so that two forms never overwrite each other.
CREATE TABLE unfinished (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  letter TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (account_id, key)
);
CREATE INDEX unfinished_updated ON unfinished (account_id, updated_at);
