-- The last word about each seat. The position decides: a word that is read again changes nothing.
INSERT INTO blocked_seats (concert_id, seat, blocked, position_ms, position_sequence)
SELECT * FROM UNNEST($1::uuid[], $2::integer[], $3::boolean[], $4::bigint[], $5::bigint[])
ON CONFLICT (concert_id, seat) DO UPDATE SET
    blocked = excluded.blocked,
    position_ms = excluded.position_ms,
    position_sequence = excluded.position_sequence
WHERE (excluded.position_ms, excluded.position_sequence)
    > (blocked_seats.position_ms, blocked_seats.position_sequence)
