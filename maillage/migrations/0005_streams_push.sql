-- Web Push: the key pair of the node, who wants to be told where, and what is still to be sent.

-- One row: the key by which push services know this node, its private part sealed.
CREATE TABLE push_key (
  id BIGINT PRIMARY KEY,
  public_text TEXT NOT NULL,
  private_sealed BYTES NOT NULL,
  created_at BIGINT NOT NULL
);

-- One for each token, whose own secret is sealed here: applications know their account by it.
-- alerts is a JSON table of those switches that the application sent. Ids are small numbers,
-- since several applications read them as 32-bit integers.
CREATE TABLE push_subscription (
  id BIGINT PRIMARY KEY,
  access_token_id BIGINT NOT NULL UNIQUE REFERENCES access_token (id) ON DELETE CASCADE,
  actor_id BIGINT NOT NULL REFERENCES actor (id) ON DELETE CASCADE,
  token_sealed BYTES NOT NULL,
  endpoint_url TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth_sealed BYTES NOT NULL,
  standard BOOLEAN NOT NULL DEFAULT FALSE,
  alerts TEXT NOT NULL DEFAULT '{}',
  policy TEXT NOT NULL DEFAULT 'all',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX push_subscription_actor ON push_subscription (actor_id);

CREATE TABLE push (
  id BIGINT PRIMARY KEY,
  subscription_id BIGINT NOT NULL REFERENCES push_subscription (id) ON DELETE CASCADE,
  notification_id BIGINT NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX push_due ON push (next_attempt_at, id);
CREATE INDEX push_subscription_queue ON push (subscription_id);
CREATE INDEX push_notification ON push (notification_id);
