-- Media of this node, copies of others' media, and link cards.

-- What became of an upload: done (also all that comes from elsewhere), pending, failed.
ALTER TABLE attachment ADD COLUMN progress TEXT NOT NULL DEFAULT 'done';
ALTER TABLE attachment ADD COLUMN failure TEXT;
-- Until when a worker may be busy with it; whoever comes later takes it over.
ALTER TABLE attachment ADD COLUMN claimed_until BIGINT;
ALTER TABLE attachment ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
-- Until when it is kept although no status has it (a status that is published later).
ALTER TABLE attachment ADD COLUMN kept_until BIGINT;
ALTER TABLE attachment ADD COLUMN file_name TEXT;
ALTER TABLE attachment ADD COLUMN duration_s DOUBLE PRECISION;
ALTER TABLE attachment ADD COLUMN frame_rate TEXT;
ALTER TABLE attachment ADD COLUMN bitrate BIGINT;
ALTER TABLE attachment ADD COLUMN preview_width BIGINT;
ALTER TABLE attachment ADD COLUMN preview_height BIGINT;
CREATE INDEX attachment_pending ON attachment (id) WHERE progress = 'pending';
CREATE INDEX attachment_loose ON attachment (id) WHERE status_id IS NULL;

-- Each file in the store. When what it belongs to is gone the row stays, belonging to nothing,
-- until the file is gone as well: a file is never forgotten.
CREATE TABLE media_file (
  name TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  attachment_id BIGINT REFERENCES attachment (id) ON DELETE SET NULL,
  status_id BIGINT REFERENCES status (id) ON DELETE SET NULL,
  actor_id BIGINT REFERENCES actor (id) ON DELETE SET NULL,
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX media_file_attachment ON media_file (attachment_id);
CREATE INDEX media_file_status ON media_file (status_id);
CREATE INDEX media_file_actor ON media_file (actor_id);
CREATE INDEX media_file_loose ON media_file (name)
  WHERE attachment_id IS NULL AND status_id IS NULL;

ALTER TABLE actor ADD COLUMN icon_description TEXT NOT NULL DEFAULT '';
ALTER TABLE actor ADD COLUMN image_description TEXT NOT NULL DEFAULT '';

-- Copies of others' media, by the SHA-256 of their address.
CREATE TABLE proxied (
  digest TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  fetched_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX proxied_used ON proxied (used_at);

-- What a link in a status leads to, as its author's node found it.
CREATE TABLE card (
  status_id BIGINT PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  author_name TEXT NOT NULL DEFAULT '',
  provider_name TEXT NOT NULL DEFAULT '',
  language TEXT,
  image_url TEXT,
  image_description TEXT NOT NULL DEFAULT '',
  image_width BIGINT,
  image_height BIGINT,
  blurhash TEXT,
  published_at BIGINT,
  created_at BIGINT NOT NULL
);
ALTER TABLE status ADD COLUMN card_at BIGINT;
-- Links whose card is still to be looked for by this node, the author's.
CREATE TABLE card_wanted (
  status_id BIGINT PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);
