-- Inserts places in areas, live ones where ended_at is null. Those that are there are left as they
-- are, and the caller sees it by the count.
INSERT INTO reservation_areas (reservation_id, concert_id, area, quantity, price_minor, ended_at)
SELECT * FROM UNNEST(
    $1::uuid[], $2::uuid[], $3::smallint[], $4::integer[], $5::bigint[], $6::timestamptz[]
)
ON CONFLICT DO NOTHING
