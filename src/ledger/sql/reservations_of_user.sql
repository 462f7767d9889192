-- A user's live reservations at a concert with their seats, in the order they were confirmed.
SELECT id, concert_id, user_id, state, cause, version, extended, fingerprint,
       held_at, deadline, confirmed_at, changed_at, payment_reference,
       ARRAY(SELECT seat FROM reservation_seats
             WHERE reservation_id = reservations.id ORDER BY seat) AS seats,
       ARRAY(SELECT price_minor FROM reservation_seats
             WHERE reservation_id = reservations.id ORDER BY seat) AS prices,
       ARRAY(SELECT area FROM reservation_areas
             WHERE reservation_id = reservations.id ORDER BY area) AS areas,
       ARRAY(SELECT quantity FROM reservation_areas
             WHERE reservation_id = reservations.id ORDER BY area) AS quantities,
       ARRAY(SELECT price_minor FROM reservation_areas
             WHERE reservation_id = reservations.id ORDER BY area) AS area_prices
FROM reservations
WHERE user_id = $1 AND concert_id = $2 AND state = 'confirmed'
ORDER BY confirmed_at, id
LIMIT $3
