SELECT id, name, version, categories
FROM seat_maps
WHERE name = ANY($1) OR id = ANY($2)
ORDER BY name, version
