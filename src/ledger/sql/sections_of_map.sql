SELECT name
FROM sections
WHERE seat_map_id = $1
ORDER BY number
