-- Audiences made of sites: found in the common timelines, and asked for without being named.

CREATE INDEX status_across ON status (id)
  WHERE audience_kind IN ('organisation', 'partners', 'named_partners');

-- SHA-256 of the uri of an audience of several sites: who holds the uri can ask whether another
-- site holds it too, and who does not hold it learns nothing from the question.
ALTER TABLE audience ADD COLUMN digest TEXT;
CREATE INDEX audience_digest ON audience (digest) WHERE digest IS NOT NULL;
