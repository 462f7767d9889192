-- The same of these reservations, and of whichever have these seats.
SELECT found.*, seats.seats, areas.areas, areas.quantities, seats.minor + areas.minor AS lines_minor,
       found.id IN (SELECT winner_id FROM seat_conflicts WHERE concert_id = $1) AS has_won
FROM (
    SELECT id, user_id, state, version, total_minor
    FROM reservations
    WHERE concert_id = $1 AND (
        id = ANY($2)
        OR id IN (
            SELECT reservation_id
            FROM reservation_seats
            WHERE concert_id = $1 AND seat = ANY($3) AND ended_at IS NULL
        )
    )
) AS found
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(seat ORDER BY seat), '{}') AS seats,
           coalesce(sum(price_minor), 0)::bigint AS minor
    FROM reservation_seats
    WHERE reservation_id = found.id AND ended_at IS NULL
) AS seats
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(area ORDER BY area), '{}') AS areas,
           coalesce(array_agg(quantity ORDER BY area), '{}') AS quantities,
           coalesce(sum(price_minor * quantity), 0)::bigint AS minor
    FROM reservation_areas
    WHERE reservation_id = found.id AND ended_at IS NULL
) AS areas
