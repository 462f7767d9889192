INSERT INTO venues (id, name, city, time_zone)
SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[])
ON CONFLICT ON CONSTRAINT venues_name_city_key DO UPDATE SET time_zone = excluded.time_zone
