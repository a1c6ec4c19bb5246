"""The hot statements of the wire.

`progress = 'pending'` stands in them as a word, never as an argument: only so do both engines
use the index `delivery_lane`.
"""

DUE_LANES = """
WITH RECURSIVE lane (origin) AS (
  SELECT * FROM (
    SELECT delivery.origin FROM delivery WHERE progress = 'pending' ORDER BY origin LIMIT 1
  ) AS first_lane
  UNION ALL
  SELECT (
    SELECT next_lane.origin FROM delivery AS next_lane
    WHERE next_lane.progress = 'pending' AND next_lane.origin > lane.origin
    ORDER BY next_lane.origin LIMIT 1
  ) FROM lane WHERE lane.origin IS NOT NULL
)
SELECT lane.origin, peer.failing_since, peer.next_attempt_at, peer.note, peer.takes_ed25519,
  (
    SELECT last_one.id FROM delivery AS last_one
    WHERE last_one.progress = 'pending' AND last_one.origin = lane.origin
    ORDER BY last_one.id DESC LIMIT 1
  ) AS last_id
FROM lane LEFT JOIN peer ON peer.origin = lane.origin
WHERE lane.origin IS NOT NULL
  AND (COALESCE(peer.next_attempt_at, 0) <= ? OR peer.note = 'delivery.alone')
  AND NOT EXISTS (SELECT 1 FROM stopped WHERE stopped.origin IN ('*', lane.origin))
"""
"""Lanes with something to send that may be tried at a moment. Two steps in the index for each
lane, however long the lanes are."""

LANE_PAGE = """
SELECT * FROM delivery WHERE origin = ? AND progress = 'pending' AND id > ? ORDER BY id LIMIT ?
"""
"""The next deliveries of a lane, in order."""

LANE_AGREEMENTS = """
SELECT * FROM delivery WHERE origin = ? AND progress = 'pending' AND audience_kind = ? ORDER BY id
"""
"""What waits in a lane about the agreement itself, in order."""
