-- The concerts at venues whose time zone changed, but for those that were written anyway.
UPDATE concerts SET version = version + 1
WHERE venue_id = ANY($1) AND NOT id = ANY($2)
RETURNING id
