-- Sales of one partition that were refused here and still stand in Redis, oldest first; but for those
-- that a person has put right. Served by the primary key: dead letters are few.
SELECT (event ->> 'concert_id')::uuid AS concert_id, (event ->> 'id')::uuid AS id
FROM dead_letters
WHERE partition = $1 AND compensated_at IS NULL AND event ->> 'state' = 'confirmed'
  AND NOT EXISTS (
      SELECT 1 FROM reservations
      WHERE reservations.id = (event ->> 'id')::uuid AND reservations.state = 'confirmed'
  )
ORDER BY position_ms, position_sequence
LIMIT $2
