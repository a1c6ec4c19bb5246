-- Notifications in groups and held back, and the filters of a person.

-- A notification of a kind that comes in numbers belongs to a group; NULL stands alone.
ALTER TABLE notification ADD COLUMN group_key TEXT;
-- Held back by the recipient's policy until she accepts who it is from.
ALTER TABLE notification ADD COLUMN filtered BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX notification_group ON notification (recipient_id, group_key, id)
  WHERE group_key IS NOT NULL;
CREATE INDEX notification_newest ON notification (recipient_id, type, status_id, id)
  WHERE group_key IS NOT NULL;
CREATE INDEX notification_filtered ON notification (recipient_id, from_actor_id, id)
  WHERE filtered;

-- accept, filter or drop; no row means the defaults of this table.
CREATE TABLE notification_policy (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id) ON DELETE CASCADE,
  for_not_following TEXT NOT NULL DEFAULT 'accept',
  for_not_followers TEXT NOT NULL DEFAULT 'accept',
  for_new_accounts TEXT NOT NULL DEFAULT 'accept',
  for_private_mentions TEXT NOT NULL DEFAULT 'accept',
  for_limited_accounts TEXT NOT NULL DEFAULT 'filter',
  for_bots TEXT NOT NULL DEFAULT 'accept'
);

-- Whom a person accepted in spite of her policy.
CREATE TABLE notification_permission (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  from_actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, from_actor_id)
);

-- How many of a person's relations ended by a decision of others, told to her once.
CREATE TABLE severance (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  target_name TEXT NOT NULL,
  followers_count BIGINT NOT NULL,
  following_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX severance_actor ON severance (actor_id, id);

-- contexts: words with spaces between. version counts the changes of all filters of a person.
CREATE TABLE content_filter (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  contexts TEXT NOT NULL,
  action TEXT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX content_filter_actor ON content_filter (actor_id, id);

CREATE TABLE filter_keyword (
  id BIGINT PRIMARY KEY,
  filter_id BIGINT NOT NULL REFERENCES content_filter (id) ON DELETE CASCADE,
  keyword TEXT NOT NULL,
  whole_word BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE INDEX filter_keyword_filter ON filter_keyword (filter_id, id);

CREATE TABLE filter_status (
  id BIGINT PRIMARY KEY,
  filter_id BIGINT NOT NULL REFERENCES content_filter (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  UNIQUE (filter_id, status_id)
);
CREATE INDEX filter_status_status ON filter_status (status_id);

CREATE TABLE filter_version (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id) ON DELETE CASCADE,
  version BIGINT NOT NULL
);
