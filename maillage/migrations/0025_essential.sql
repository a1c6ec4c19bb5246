-- Why an announcement is essential, in one sentence: such a one reaches people at any hour.
ALTER TABLE announcement ADD COLUMN essential_reason TEXT;

-- What devices are still to be told: a notification, or an essential announcement.
CREATE TABLE push_of_either (
  id BIGINT PRIMARY KEY,
  subscription_id BIGINT NOT NULL REFERENCES push_subscription (id) ON DELETE CASCADE,
  notification_id BIGINT REFERENCES notification (id) ON DELETE CASCADE,
  announcement_id BIGINT REFERENCES announcement (id) ON DELETE CASCADE,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  CHECK ((notification_id IS NULL) <> (announcement_id IS NULL))
);
INSERT INTO push_of_either
  (id, subscription_id, notification_id, attempts, next_attempt_at, created_at)
  SELECT id, subscription_id, notification_id, attempts, next_attempt_at, created_at FROM push;
DROP TABLE push;
ALTER TABLE push_of_either RENAME TO push;
CREATE INDEX push_due ON push (next_attempt_at, id);
CREATE INDEX push_subscription_queue ON push (subscription_id);
CREATE INDEX push_notification ON push (notification_id);
CREATE INDEX push_announcement ON push (announcement_id);
