-- What the log told of a concert between two positions, as far as it was applied. Served by the primary
-- key.
SELECT position_ms, position_sequence, epoch, deadline_ms, reservation_id, user_id, version, verb,
       cause, seats, areas, seats_dropped, areas_dropped, payment_reference,
       NULL::uuid AS actor_id, NULL::text AS reason
FROM reservation_events
WHERE partition = $1 AND concert_id = $2
  AND (position_ms, position_sequence) > ($3, $4)
  AND (position_ms, position_sequence) <= ($5, $6)
ORDER BY position_ms, position_sequence
