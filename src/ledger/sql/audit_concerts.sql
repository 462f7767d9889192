-- A page of concerts by id, or of those that are named, with how many people each one's house has room for.
SELECT concert.id, concert.slug, concert.partition, map.capacity AS seats,
       ARRAY(
           SELECT area.capacity FROM areas AS area
           WHERE area.seat_map_id = map.id
           ORDER BY area.number
       ) AS areas
FROM concerts AS concert
JOIN seat_maps AS map ON map.id = concert.seat_map_id
WHERE concert.id > $1
  AND ($2::text[] IS NULL OR concert.slug = ANY($2) OR concert.id::text = ANY($2))
ORDER BY concert.id
LIMIT $3
