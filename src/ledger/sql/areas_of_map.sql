SELECT public_id, section, name, category, capacity, outline
FROM areas
WHERE seat_map_id = $1
ORDER BY number
