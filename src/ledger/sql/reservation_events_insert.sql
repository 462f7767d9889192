-- History: what the entries of a batch said. Applying them again finds them kept. Numbers of seats
-- come as texts of arrays, because UNNEST would take arrays of arrays apart to the last number.
INSERT INTO reservation_events (
    partition, epoch, position_ms, position_sequence, deadline_ms, concert_id, reservation_id,
    user_id, version, verb, cause, seats, areas, seats_dropped, areas_dropped, payment_reference
)
SELECT $1, $2, event.position_ms, event.position_sequence, event.deadline_ms, event.concert_id,
       event.reservation_id, event.user_id, event.version, event.verb, event.cause,
       event.seats::integer[], event.areas::integer[], event.seats_dropped::integer[],
       event.areas_dropped::integer[], event.payment_reference
FROM UNNEST(
    $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::uuid[], $8::uuid[], $9::bigint[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
    $16::text[]
) AS event (
    position_ms, position_sequence, deadline_ms, concert_id, reservation_id, user_id, version, verb,
    cause, seats, areas, seats_dropped, areas_dropped, payment_reference
)
ON CONFLICT DO NOTHING
