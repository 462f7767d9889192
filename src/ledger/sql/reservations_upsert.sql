-- Writes reservations as they stand after a batch and returns those that were news. The version
-- decides: an entry that is applied again changes nothing, and its seats are left alone.
INSERT INTO reservations (
    id, concert_id, user_id, state, cause, version, extended, fingerprint,
    total_minor, held_at, deadline, confirmed_at, changed_at, payment_reference
)
SELECT * FROM UNNEST(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::boolean[],
    $8::bytea[], $9::bigint[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
    $13::timestamptz[], $14::text[]
)
ON CONFLICT (id) DO UPDATE SET
    state = excluded.state,
    cause = excluded.cause,
    version = excluded.version,
    extended = excluded.extended,
    deadline = excluded.deadline,
    confirmed_at = excluded.confirmed_at,
    changed_at = excluded.changed_at,
    payment_reference = excluded.payment_reference
WHERE excluded.version > reservations.version
RETURNING id
