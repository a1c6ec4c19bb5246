-- What became of the deliveries to each origin, and when it last took one: for the map, and for
-- who looks after a link.

CREATE INDEX delivery_ended ON delivery (origin, progress, done_at) WHERE done_at IS NOT NULL;
