-- A page of everything ever confirmed of a concert, by id, each with what of it is sold and stands.
-- Served by reservations_by_concert.
SELECT page.*, seats.seats, areas.areas, areas.quantities, seats.minor + areas.minor AS lines_minor,
       page.id IN (SELECT winner_id FROM seat_conflicts WHERE concert_id = $1) AS has_won
FROM (
    SELECT id, user_id, state, version, total_minor
    FROM reservations
    WHERE concert_id = $1 AND id > $2
    ORDER BY id
    LIMIT $3
) AS page
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(seat ORDER BY seat), '{}') AS seats,
           coalesce(sum(price_minor), 0)::bigint AS minor
    FROM reservation_seats
    WHERE reservation_id = page.id AND ended_at IS NULL
) AS seats
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(area ORDER BY area), '{}') AS areas,
           coalesce(array_agg(quantity ORDER BY area), '{}') AS quantities,
           coalesce(sum(price_minor * quantity), 0)::bigint AS minor
    FROM reservation_areas
    WHERE reservation_id = page.id AND ended_at IS NULL
) AS areas
ORDER BY page.id
