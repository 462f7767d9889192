-- The seats of a concert that are kept back.
SELECT seat
FROM blocked_seats
WHERE concert_id = $1 AND blocked
ORDER BY seat
