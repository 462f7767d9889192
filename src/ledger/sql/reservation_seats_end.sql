-- Ends the sales of cancelled reservations. Before any seat is inserted, because the batch may have
-- sold a seat again that it cancelled; the other way round, it would have to be halved for that.
UPDATE reservation_seats
SET ended_at = cancelled.ended_at
FROM UNNEST($1::uuid[], $2::timestamptz[]) AS cancelled (id, ended_at)
WHERE reservation_seats.reservation_id = cancelled.id
  AND reservation_seats.ended_at IS NULL
