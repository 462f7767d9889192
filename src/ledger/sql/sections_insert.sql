INSERT INTO sections (seat_map_id, number, name)
SELECT $1, section.number - 1, section.name
FROM UNNEST($2::text[]) WITH ORDINALITY AS section (name, number)
