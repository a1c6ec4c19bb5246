-- Organisations of several sites: what their lists say of each site, and how far it is related.

-- `since` is when it was listed, `reason` a code that says why there is no relation yet.
ALTER TABLE organisation_site ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation_site ADD COLUMN since TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation_site ADD COLUMN reason TEXT;
ALTER TABLE organisation_site ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organisation_site ADD COLUMN next_attempt_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX partnership_organisation ON partnership (organisation_uri, origin)
  WHERE organisation_uri IS NOT NULL;

-- The partners of the site that leads an organisation, as it told its other sites: whoever of
-- them offers an agreement to such a site needs no invitation.
CREATE TABLE organisation_partner (
  organisation_uri TEXT NOT NULL REFERENCES organisation (uri) ON DELETE CASCADE,
  origin TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (organisation_uri, origin)
);
ALTER TABLE organisation ADD COLUMN partners_number BIGINT NOT NULL DEFAULT 0;
