SELECT id, name, version, categories
FROM seat_maps
WHERE name = ANY($1)
ORDER BY name, version
