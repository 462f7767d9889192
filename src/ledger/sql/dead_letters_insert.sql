-- Keeps what could not be applied. Applying it again finds it kept.
INSERT INTO dead_letters (partition, position_ms, position_sequence, entry, event, reason)
SELECT $1, letter.* FROM UNNEST(
    $2::bigint[], $3::bigint[], $4::bytea[], $5::jsonb[], $6::text[]
) AS letter
ON CONFLICT DO NOTHING
