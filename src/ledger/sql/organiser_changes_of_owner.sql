-- Changes of seat maps and service keys before one, newest first; only of somebody's if they are given.
-- Served by organiser_changes_of_owner.
SELECT id, seat_map_id, reservation_id, actor_id, request_id, asked_at, action, reason, before, asked,
       outcome
FROM organiser_changes
WHERE concert_id IS NULL AND ($1::uuid IS NULL OR owner_id = $1) AND id < $2
ORDER BY id DESC
LIMIT $3
