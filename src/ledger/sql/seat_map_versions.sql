-- Versions by name, as far as an organiser may use them (all of them if none is given), and by id.
SELECT id, name, version, categories
FROM seat_maps
WHERE name = ANY($1) AND ($3::uuid IS NULL OR organiser_id IS NULL OR organiser_id = $3)
   OR id = ANY($2)
ORDER BY name, version
