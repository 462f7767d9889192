-- A page of what was ever confirmed of a concert, by id, each with its seats and places: live ones of what
-- is confirmed, ended ones of what was cancelled; only of a state or of a user if these are given. One
-- query, because a rebuild waits for it. Served by reservations_by_concert.
SELECT page.*, seats.seats, seats.prices, areas.areas, areas.quantities, areas.area_prices
FROM (
    SELECT id, concert_id, user_id, state, cause, version, extended, fingerprint,
           held_at, deadline, confirmed_at, changed_at, payment_reference
    FROM reservations
    WHERE concert_id = $1 AND id > $2
      AND ($3::text IS NULL OR state = $3)
      AND ($4::uuid IS NULL OR user_id = $4)
    ORDER BY id
    LIMIT $5
) AS page
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(seat ORDER BY seat), '{}') AS seats,
           coalesce(array_agg(price_minor ORDER BY seat), '{}') AS prices
    FROM reservation_seats
    WHERE reservation_id = page.id
) AS seats
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(area ORDER BY area), '{}') AS areas,
           coalesce(array_agg(quantity ORDER BY area), '{}') AS quantities,
           coalesce(array_agg(price_minor ORDER BY area), '{}') AS area_prices
    FROM reservation_areas
    WHERE reservation_id = page.id
) AS areas
ORDER BY page.id
