-- Who has which of these seats, where anybody has.
SELECT held.concert_id, held.seat, held.reservation_id
FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (concert_id, seat)
JOIN reservation_seats AS held
  ON held.concert_id = wanted.concert_id AND held.seat = wanted.seat AND held.ended_at IS NULL
