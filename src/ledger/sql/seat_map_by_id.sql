SELECT name, version, checksum, width, height, categories, capacity
FROM seat_maps
WHERE id = $1
