SELECT id, version, checksum, organiser_id
FROM seat_maps
WHERE name = $1
ORDER BY version DESC
LIMIT 1
