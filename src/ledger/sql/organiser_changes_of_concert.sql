-- A concert's changes before one, newest first. Served by organiser_changes_of_concert.
SELECT id, seat_map_id, reservation_id, actor_id, request_id, asked_at, action, reason, before, asked,
       outcome
FROM organiser_changes
WHERE concert_id = $1 AND id < $2
ORDER BY id DESC
LIMIT $3
