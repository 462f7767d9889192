-- What happened to a reservation or to a seat after a position, in order, and by whom and why where an
-- organiser did it. Served by reservation_events_of_concert: a reservation's events are found by it, and
-- for a seat the concert's are looked through, since an index of seats would cost every sale more than
-- it would spare the few who ask. Which prolongation it was that moved a hold's deadline says the
-- deadline.
SELECT event.*, change.actor_id, change.reason
FROM (
    SELECT position_ms, position_sequence, epoch, deadline_ms, reservation_id, user_id, version, verb,
           cause, seats, areas, seats_dropped, areas_dropped, payment_reference
    FROM reservation_events
    WHERE concert_id = $1
      AND ($2::uuid IS NULL OR reservation_id = $2)
      AND ($3::integer IS NULL OR seats @> ARRAY[$3] OR seats_dropped @> ARRAY[$3])
      AND (position_ms, position_sequence) > ($4, $5)
    ORDER BY position_ms, position_sequence
    LIMIT $6
) AS event
LEFT JOIN LATERAL (
    SELECT actor_id, reason
    FROM organiser_changes
    WHERE concert_id = $1 AND event.cause = 'organiser' AND CASE event.verb
        WHEN 'released' THEN
            action = 'release_reservation' AND reservation_id = event.reservation_id
        WHEN 'cancelled' THEN
            action = 'cancel_reservation' AND reservation_id = event.reservation_id
        WHEN 'extended' THEN
            action = 'extend_holds'
            AND extract(epoch FROM (asked ->> 'until')::timestamptz) * 1000 = event.deadline_ms
        ELSE false
    END
    ORDER BY id
    LIMIT 1
) AS change ON true
ORDER BY event.position_ms, event.position_sequence
