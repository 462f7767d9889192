-- What happened to a seat after a position, in order, and by whom and why where an organiser did it.
-- reservation_events_of_concert leads to the concert's events, and these are looked through: an index
-- of seats would cost every sale more than it would spare the few who ask.
SELECT event.*, change.actor_id, change.reason
FROM (
    SELECT position_ms, position_sequence, epoch, deadline_ms, reservation_id, user_id, version, verb,
           cause, seats, areas, seats_dropped, areas_dropped
    FROM reservation_events
    WHERE concert_id = $1 AND (seats @> ARRAY[$2::integer] OR seats_dropped @> ARRAY[$2::integer])
      AND (position_ms, position_sequence) > ($3, $4)
    ORDER BY position_ms, position_sequence
    LIMIT $5
) AS event
LEFT JOIN LATERAL (
    SELECT actor_id, reason
    FROM organiser_changes
    WHERE concert_id = $1 AND reservation_id = event.reservation_id
      AND event.cause = 'organiser'
      AND action = CASE event.verb
          WHEN 'released' THEN 'release_reservation'
          WHEN 'cancelled' THEN 'cancel_reservation'
      END
    ORDER BY id
    LIMIT 1
) AS change ON true
ORDER BY event.position_ms, event.position_sequence
