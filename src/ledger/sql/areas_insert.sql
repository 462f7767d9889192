-- An array of arrays of different lengths is no array to PostgreSQL, so that outlines come as JSON.
INSERT INTO areas (seat_map_id, number, public_id, section, name, category, capacity, outline)
SELECT $1, area.number, area.public_id, area.section, area.name, area.category, area.capacity,
       ARRAY(SELECT jsonb_array_elements_text(area.outline)::real)
FROM UNNEST(
    $2::smallint[], $3::text[], $4::integer[], $5::text[], $6::smallint[], $7::integer[],
    $8::jsonb[]
) AS area (number, public_id, section, name, category, capacity, outline)
