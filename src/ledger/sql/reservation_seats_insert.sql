-- Inserts seat rows, live ones where ended_at is null. A seat that somebody else has live is left
-- out, and the caller sees it by the count.
INSERT INTO reservation_seats (reservation_id, concert_id, seat, price_minor, ended_at)
SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[])
ON CONFLICT DO NOTHING
