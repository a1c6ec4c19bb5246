-- Agreements with partners, the invitations that lead to them, and organisations of several sites.

-- One row for each other site there is, was or may be an agreement with. `agreement` holds the
-- bytes both sides keep; what of it decides each request stands in columns beside it.
CREATE TABLE partnership (
  origin TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  contact TEXT NOT NULL DEFAULT '',
  organisation_uri TEXT,
  agreement_uri TEXT NOT NULL,
  revision BIGINT NOT NULL,
  agreement BYTES NOT NULL,
  digest TEXT NOT NULL,
  our_proof TEXT,
  their_proof TEXT,
  fingerprint TEXT NOT NULL,
  offer_uri TEXT,
  offer BYTES,
  gives_audiences BOOLEAN NOT NULL DEFAULT FALSE,
  takes_audiences BOOLEAN NOT NULL DEFAULT FALSE,
  gives_follow TEXT NOT NULL DEFAULT 'none',
  paused_by TEXT,
  ends_at BIGINT NOT NULL,
  probe TEXT NOT NULL DEFAULT '[]',
  probed_at BIGINT,
  confirmed_by BIGINT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX partnership_state ON partnership (state, origin);

-- The token itself is never kept; its hash is the key of the proof that an offer carries.
CREATE TABLE invitation_to_pair (
  id BIGINT PRIMARY KEY,
  token_hash BYTES NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  new_sites TEXT NOT NULL DEFAULT 'proposed',
  wrong_proofs BIGINT NOT NULL DEFAULT 0,
  made_by BIGINT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  closed_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE organisation (
  uri TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  lead_origin TEXT NOT NULL,
  number BIGINT NOT NULL,
  sites BYTES NOT NULL,
  proof TEXT NOT NULL,
  is_ours BOOLEAN NOT NULL DEFAULT FALSE,
  updated_at BIGINT NOT NULL
);

CREATE TABLE organisation_site (
  organisation_uri TEXT NOT NULL REFERENCES organisation (uri) ON DELETE CASCADE,
  origin TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (organisation_uri, origin)
);

-- Whose keys count between partners: asked at each of their requests.
CREATE INDEX key_pinned ON key (origin) WHERE pinned_at IS NOT NULL;
