-- Sales of one partition that were refused here and still stand in Redis, oldest first.
SELECT conflicts.concert_id, conflicts.loser_id, reservations.user_id,
       coalesce(array_agg(conflicts.seat ORDER BY conflicts.seat)
                FILTER (WHERE conflicts.seat IS NOT NULL), '{}') AS seats,
       coalesce(array_agg(conflicts.winner_id ORDER BY conflicts.seat)
                FILTER (WHERE conflicts.seat IS NOT NULL), '{}') AS winners,
       coalesce(array_agg(conflicts.area ORDER BY conflicts.area)
                FILTER (WHERE conflicts.area IS NOT NULL), '{}') AS areas
FROM seat_conflicts AS conflicts
JOIN concerts ON concerts.id = conflicts.concert_id
JOIN reservations ON reservations.id = conflicts.loser_id
WHERE conflicts.compensated_at IS NULL AND concerts.partition = $1
GROUP BY conflicts.concert_id, conflicts.loser_id, reservations.user_id
ORDER BY min(conflicts.id)
LIMIT $2
