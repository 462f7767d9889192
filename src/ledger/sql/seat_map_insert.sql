INSERT INTO seat_maps (id, name, version, checksum, width, height, categories, capacity)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
