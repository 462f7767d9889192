INSERT INTO seats (seat_map_id, number, public_id, section, row_number, row_label, label, category, x, y, accessible)
SELECT $1, seat.*
FROM UNNEST(
    $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::smallint[],
    $9::real[], $10::real[], $11::boolean[]
) AS seat
