-- Lists, followed and featured tags, and what one person says of another.

CREATE TABLE list (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  replies_policy TEXT NOT NULL DEFAULT 'list',
  exclusive BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);
CREATE INDEX list_actor ON list (actor_id, id);

-- A member hangs on the follow by which it got there, and goes with it; the owner has none.
CREATE TABLE list_member (
  id BIGINT PRIMARY KEY,
  list_id BIGINT NOT NULL REFERENCES list (id) ON DELETE CASCADE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  follow_id BIGINT REFERENCES follow (id) ON DELETE CASCADE,
  UNIQUE (list_id, actor_id)
);
CREATE INDEX list_member_actor ON list_member (actor_id);
CREATE INDEX list_member_follow ON list_member (follow_id);

CREATE TABLE tag_follow (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  tag_id BIGINT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, tag_id)
);
CREATE INDEX tag_follow_tag ON tag_follow (tag_id);

CREATE TABLE featured_tag (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  tag_id BIGINT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, tag_id)
);

-- One vouches for whom one follows, as long as one does.
CREATE TABLE endorsement (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  follow_id BIGINT NOT NULL REFERENCES follow (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, target_id)
);
CREATE INDEX endorsement_follow ON endorsement (follow_id);

-- What somebody noted about another for herself; nobody else reads it.
CREATE TABLE private_note (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  comment TEXT NOT NULL,
  PRIMARY KEY (actor_id, target_id)
);

-- The domains of which one person wants to hear nothing: the host of handles, lower case.
CREATE TABLE domain_block (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  domain TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, domain)
);
CREATE INDEX actor_host ON actor (handle_host);

CREATE TABLE suggestion_dismissed (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  PRIMARY KEY (actor_id, target_id)
);

-- Profiles.
ALTER TABLE actor ADD COLUMN hide_collections BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE actor ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '[]';
ALTER TABLE actor ADD COLUMN show_media BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE actor ADD COLUMN show_media_replies BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE actor ADD COLUMN show_featured BOOLEAN NOT NULL DEFAULT TRUE;

-- Links of profiles that are to be looked at: whether the page links back.
CREATE TABLE link_check (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, url)
);
CREATE INDEX link_check_due ON link_check (next_attempt_at);
