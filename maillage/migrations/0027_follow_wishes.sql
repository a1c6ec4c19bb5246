-- The few follows that ask for less than everything: a page of home looks for them each time,
-- and else read all that its reader follows.
CREATE INDEX follow_wish ON follow (follower_id) WHERE NOT show_reblogs OR languages <> '[]';
