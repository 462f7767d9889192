-- Who has which of these seats, if anybody has.
SELECT seat, reservation_id
FROM reservation_seats
WHERE concert_id = $1 AND seat = ANY ($2::bigint[]) AND ended_at IS NULL
ORDER BY seat
