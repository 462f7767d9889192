INSERT INTO prices (concert_id, category, price_minor)
SELECT * FROM UNNEST($1::uuid[], $2::smallint[], $3::bigint[])
ON CONFLICT (concert_id, category) DO UPDATE SET price_minor = excluded.price_minor
