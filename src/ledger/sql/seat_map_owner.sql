SELECT organiser_id
FROM seat_maps
WHERE id = $1
