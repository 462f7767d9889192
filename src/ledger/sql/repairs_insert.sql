-- Writes down what is about to be repaired, and numbers it in the order given.
INSERT INTO repairs (concert_id, kind, subject, says)
SELECT concert_id, kind, subject, says
FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[])
    WITH ORDINALITY AS repair (concert_id, kind, subject, says, place)
ORDER BY place
RETURNING id
