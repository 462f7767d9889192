-- The seats of a concert that are sold.
SELECT seat
FROM reservation_seats
WHERE concert_id = $1 AND ended_at IS NULL
