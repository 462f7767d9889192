-- A count for each area of the seat map that each concert is on, which it keeps for life.
INSERT INTO area_sales (concert_id, area, capacity)
SELECT concerts.id, areas.number, areas.capacity
FROM concerts
JOIN areas USING (seat_map_id)
WHERE concerts.id = ANY($1)
ON CONFLICT DO NOTHING
