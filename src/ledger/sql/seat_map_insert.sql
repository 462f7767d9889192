INSERT INTO seat_maps (
    id, name, version, checksum, width, height, categories, capacity, organiser_id, standing
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
