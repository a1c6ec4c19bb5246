-- The first schema. One text serves both engines: the runner writes BYTES as BLOB or BYTEA, and
-- for SQLite BIGINT PRIMARY KEY as INTEGER PRIMARY KEY. Every *_at column holds milliseconds since 1970 UTC.

-- federation: the wire ------------------------------------------------------------------------
CREATE TABLE key (
  key_id TEXT PRIMARY KEY,
  owner_uri TEXT NOT NULL,
  origin TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  public_text TEXT NOT NULL,
  private_encrypted BYTES,
  vouches_for_origin BOOLEAN NOT NULL DEFAULT FALSE,
  pinned_at BIGINT,
  fetched_at BIGINT NOT NULL
);
CREATE INDEX key_owner ON key (owner_uri);

CREATE TABLE peer (
  origin TEXT PRIMARY KEY,
  policy TEXT NOT NULL,
  software TEXT,
  signature_form TEXT,
  takes_ed25519 BOOLEAN NOT NULL DEFAULT FALSE,
  last_heard_at BIGINT,
  failing_since BIGINT,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT,
  note TEXT,
  created_at BIGINT NOT NULL
);

CREATE TABLE activity (
  id BIGINT PRIMARY KEY,
  uri TEXT NOT NULL,
  type TEXT NOT NULL,
  actor_uri TEXT NOT NULL,
  object_uri TEXT,
  origin TEXT NOT NULL,
  body BYTES,
  progress TEXT NOT NULL,
  outcome_code TEXT,
  outcome_params TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX activity_due ON activity (id) WHERE progress = 'pending';
-- Not unique: peers use one id for several activities.
CREATE INDEX activity_uri ON activity (uri);
CREATE INDEX activity_age ON activity (created_at);
CREATE INDEX activity_object ON activity (object_uri);

-- The SHA-256 of each accepted activity (id, type, actor; of an Update also its object), kept for
-- ever: what came once has one effect. What an Undo took back may come again if signed later.
CREATE TABLE seen (
  digest BYTES PRIMARY KEY,
  taken_back_at BIGINT,
  taken_back_by BYTES
);

CREATE TABLE delivery (
  id BIGINT PRIMARY KEY,
  activity_id BIGINT NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
  inbox_url TEXT NOT NULL,
  origin TEXT NOT NULL,
  sender_uri TEXT NOT NULL,
  object_uri TEXT,
  activity_type TEXT NOT NULL,
  audience_kind TEXT NOT NULL,
  progress TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  errors_in_row BIGINT NOT NULL DEFAULT 0,
  parked BOOLEAN NOT NULL DEFAULT FALSE,
  next_attempt_at BIGINT NOT NULL,
  last_status BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  done_at BIGINT,
  UNIQUE (activity_id, inbox_url)
);
CREATE INDEX delivery_lane ON delivery (origin, id) WHERE progress = 'pending';
CREATE INDEX delivery_age ON delivery (created_at);

CREATE TABLE held (
  object_uri TEXT NOT NULL,
  origin TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (object_uri, origin)
);

-- actors: who ---------------------------------------------------------------------------------
CREATE TABLE actor (
  id BIGINT PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  origin TEXT NOT NULL,
  is_local BOOLEAN NOT NULL,
  username TEXT NOT NULL,
  handle_host TEXT NOT NULL,
  display_name TEXT NOT NULL DEFAULT '',
  summary_html TEXT NOT NULL DEFAULT '',
  url TEXT,
  inbox_url TEXT NOT NULL,
  shared_inbox_url TEXT,
  outbox_url TEXT,
  followers_url TEXT,
  following_url TEXT,
  featured_url TEXT,
  icon_url TEXT,
  image_url TEXT,
  fields TEXT NOT NULL DEFAULT '[]',
  emojis TEXT NOT NULL DEFAULT '[]',
  also_known_as TEXT NOT NULL DEFAULT '[]',
  moved_to_uri TEXT,
  locked BOOLEAN NOT NULL DEFAULT FALSE,
  discoverable BOOLEAN NOT NULL DEFAULT FALSE,
  indexable BOOLEAN NOT NULL DEFAULT FALSE,
  reachable BOOLEAN NOT NULL DEFAULT TRUE,
  followers_count BIGINT NOT NULL DEFAULT 0,
  following_count BIGINT NOT NULL DEFAULT 0,
  statuses_count BIGINT NOT NULL DEFAULT 0,
  last_status_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  fetched_at BIGINT,
  suspended_at BIGINT,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX actor_handle ON actor (lower(username), handle_host);
CREATE INDEX actor_origin ON actor (origin);

CREATE TABLE role (
  name TEXT PRIMARY KEY,
  permissions TEXT NOT NULL
);

CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL UNIQUE REFERENCES actor (id) ON DELETE CASCADE,
  email TEXT,
  password_hash TEXT,
  role TEXT NOT NULL REFERENCES role (name),
  locale TEXT NOT NULL,
  is_guest BOOLEAN NOT NULL DEFAULT FALSE,
  settings TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
);
CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE TABLE follow (
  id BIGINT PRIMARY KEY,
  follower_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  uri TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  notify BOOLEAN NOT NULL DEFAULT FALSE,
  show_reblogs BOOLEAN NOT NULL DEFAULT TRUE,
  languages TEXT NOT NULL DEFAULT '[]',
  created_at BIGINT NOT NULL,
  UNIQUE (follower_id, target_id)
);
CREATE INDEX follow_target ON follow (target_id, state);

CREATE TABLE block (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, target_id)
);
CREATE INDEX block_target ON block (target_id);

CREATE TABLE mute (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  notifications BOOLEAN NOT NULL DEFAULT TRUE,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, target_id)
);

CREATE TABLE membership (
  group_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  member_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  PRIMARY KEY (group_id, member_id)
);

-- What is gone, or was deleted before it came: kept for ever, so that nothing comes back.
CREATE TABLE tombstone (
  uri TEXT PRIMARY KEY,
  former_type TEXT NOT NULL,
  actor_uri TEXT NOT NULL,
  deleted_at BIGINT NOT NULL
);

-- outbox: what actors publish -----------------------------------------------------------------
CREATE TABLE audience (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  uri TEXT,
  owner TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX audience_uri ON audience (uri);

CREATE TABLE audience_member (
  audience_id BIGINT NOT NULL REFERENCES audience (id) ON DELETE CASCADE,
  actor_id BIGINT REFERENCES actor (id) ON DELETE CASCADE,
  origin TEXT
);
CREATE UNIQUE INDEX audience_member_actor ON audience_member (audience_id, actor_id);
CREATE UNIQUE INDEX audience_member_origin ON audience_member (audience_id, origin);

CREATE TABLE status (
  id BIGINT PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  url TEXT,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  audience_id BIGINT NOT NULL REFERENCES audience (id),
  audience_kind TEXT NOT NULL,
  is_local BOOLEAN NOT NULL,
  type TEXT NOT NULL,
  title TEXT,
  content_html TEXT NOT NULL DEFAULT '',
  text TEXT,
  summary TEXT NOT NULL DEFAULT '',
  sensitive BOOLEAN NOT NULL DEFAULT FALSE,
  language TEXT,
  emojis TEXT NOT NULL DEFAULT '[]',
  in_reply_to_id BIGINT,
  in_reply_to_uri TEXT,
  in_reply_to_actor_id BIGINT,
  thread_root_id BIGINT NOT NULL,
  context_uri TEXT,
  reblog_of_id BIGINT,
  quote_of_id BIGINT,
  quote_uri TEXT,
  application_id BIGINT,
  published_at BIGINT NOT NULL,
  edited_at BIGINT,
  replies_count BIGINT NOT NULL DEFAULT 0,
  reblogs_count BIGINT NOT NULL DEFAULT 0,
  favourites_count BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX status_author ON status (actor_id, id);
CREATE INDEX status_thread ON status (thread_root_id, id);
CREATE INDEX status_reply ON status (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX status_orphan ON status (in_reply_to_uri)
  WHERE in_reply_to_id IS NULL AND in_reply_to_uri IS NOT NULL;
CREATE INDEX status_public ON status (id) WHERE audience_kind = 'public';
CREATE INDEX status_site ON status (id) WHERE audience_kind = 'site';
CREATE INDEX status_local ON status (id) WHERE is_local;
CREATE UNIQUE INDEX status_reblog ON status (reblog_of_id, actor_id) WHERE reblog_of_id IS NOT NULL;

CREATE TABLE mention (
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  silent BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (status_id, actor_id)
);
CREATE INDEX mention_actor ON mention (actor_id, status_id);

CREATE TABLE status_edit (
  id BIGINT PRIMARY KEY,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  content_html TEXT NOT NULL,
  summary TEXT NOT NULL,
  sensitive BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX status_edit_status ON status_edit (status_id);

CREATE TABLE attachment (
  id BIGINT PRIMARY KEY,
  status_id BIGINT REFERENCES status (id) ON DELETE CASCADE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  position BIGINT NOT NULL DEFAULT 0,
  type TEXT NOT NULL,
  media_type TEXT,
  url TEXT,
  remote_url TEXT,
  preview_url TEXT,
  description TEXT,
  blurhash TEXT,
  focus_x DOUBLE PRECISION,
  focus_y DOUBLE PRECISION,
  width BIGINT,
  height BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX attachment_status ON attachment (status_id);

CREATE TABLE tag (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE status_tag (
  tag_id BIGINT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  PRIMARY KEY (tag_id, status_id)
);
CREATE INDEX status_tag_status ON status_tag (status_id);

CREATE TABLE favourite (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, status_id)
);
CREATE INDEX favourite_status ON favourite (status_id);
CREATE INDEX favourite_uri ON favourite (uri);

CREATE TABLE bookmark (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  UNIQUE (actor_id, status_id)
);

CREATE TABLE pin (
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL REFERENCES status (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, status_id)
);

CREATE TABLE poll (
  id BIGINT PRIMARY KEY,
  status_id BIGINT NOT NULL UNIQUE REFERENCES status (id) ON DELETE CASCADE,
  multiple BOOLEAN NOT NULL,
  hide_totals BOOLEAN NOT NULL DEFAULT FALSE,
  ends_at BIGINT,
  voters_count BIGINT
);

CREATE TABLE poll_option (
  poll_id BIGINT NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  votes_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (poll_id, position)
);

CREATE TABLE poll_vote (
  id BIGINT PRIMARY KEY,
  poll_id BIGINT NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  choice BIGINT NOT NULL,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (poll_id, actor_id, choice)
);

-- One answer for one Idempotency-Key of one account.
CREATE TABLE idempotency (
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  status_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, key)
);

-- inbox: what reaches people ------------------------------------------------------------------
-- inbox is '' for the shared inbox, else the uri of the actor it was sent to.
CREATE TABLE arrival (
  activity_id BIGINT NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
  inbox TEXT NOT NULL,
  PRIMARY KEY (activity_id, inbox)
);

-- status_id is 0 for what has no status, so that the unique key holds.
CREATE TABLE notification (
  id BIGINT PRIMARY KEY,
  recipient_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  from_actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_id BIGINT NOT NULL DEFAULT 0,
  read_at BIGINT,
  created_at BIGINT NOT NULL,
  UNIQUE (recipient_id, type, from_actor_id, status_id)
);
CREATE INDEX notification_recipient ON notification (recipient_id, id);
CREATE INDEX notification_status ON notification (status_id);

CREATE TABLE marker (
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  timeline TEXT NOT NULL,
  last_read_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, timeline)
);

CREATE TABLE report (
  id BIGINT PRIMARY KEY,
  uri TEXT UNIQUE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  target_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  status_ids TEXT NOT NULL DEFAULT '[]',
  comment TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT 'other',
  created_at BIGINT NOT NULL,
  action_taken_at BIGINT
);

-- web: clients --------------------------------------------------------------------------------
CREATE TABLE application (
  id BIGINT PRIMARY KEY,
  client_id TEXT NOT NULL UNIQUE,
  client_secret_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  website TEXT,
  redirect_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE authorization_code (
  code_hash TEXT PRIMARY KEY,
  application_id BIGINT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,
  challenge TEXT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  access_token_id BIGINT
);

CREATE TABLE access_token (
  id BIGINT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  application_id BIGINT REFERENCES application (id) ON DELETE CASCADE,
  account_id BIGINT REFERENCES account (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX access_token_account ON access_token (account_id);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
