-- What a site says of itself beside its settings, and how long what is written there is kept.

-- One line for each thing that is said; value is text, or JSON where there are several parts.
CREATE TABLE site_fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  changed_by_uri TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- class: 'knowledge' or 'official'; a status without a line is conversation.
-- visa_*: who allowed that something official is destroyed, why and when; NULL while nobody did.
CREATE TABLE status_class (
  status_id BIGINT PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
  class TEXT NOT NULL,
  set_by_uri TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  visa_by_uri TEXT,
  visa_reason TEXT,
  visa_at BIGINT
);
CREATE INDEX status_class_official ON status_class (status_id) WHERE class = 'official';
