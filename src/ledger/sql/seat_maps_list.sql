-- Seat maps before one, newest first: those that an organiser may use, or all if none is given.
SELECT id, name, version, capacity + standing AS capacity, categories, organiser_id
FROM seat_maps
WHERE id < $1 AND ($2::uuid IS NULL OR organiser_id IS NULL OR organiser_id = $2)
ORDER BY id DESC
LIMIT $3
