-- Sales of one partition that were refused here and still stand in Redis, oldest first.
SELECT conflicts.concert_id, conflicts.loser_id, reservations.user_id,
       array_agg(conflicts.seat ORDER BY conflicts.seat) AS seats,
       array_agg(conflicts.winner_id ORDER BY conflicts.seat) AS winners
FROM seat_conflicts AS conflicts
JOIN concerts ON concerts.id = conflicts.concert_id
JOIN reservations ON reservations.id = conflicts.loser_id
WHERE conflicts.compensated_at IS NULL AND concerts.partition = $1
GROUP BY conflicts.concert_id, conflicts.loser_id, reservations.user_id
ORDER BY min(conflicts.id)
LIMIT $2
