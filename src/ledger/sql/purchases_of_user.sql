-- Served by the index reservations_by_user, in its order: newest first, and those of one moment by id.
SELECT reservation.id, concert.id AS concert_id, concert.slug, concert.title, concert.artist,
       venue.name AS venue_name, venue.city AS venue_city, venue.time_zone AS venue_time_zone,
       concert.starts_at, concert.cancel_until, concert.currency,
       reservation.state, reservation.cause, reservation.version, reservation.total_minor,
       reservation.held_at, reservation.confirmed_at, reservation.changed_at,
       seats.list AS seats, areas.list AS areas
FROM reservations AS reservation
JOIN concerts AS concert ON concert.id = reservation.concert_id
JOIN venues AS venue ON venue.id = concert.venue_id
JOIN seat_maps AS map ON map.id = concert.seat_map_id
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'seat', seat.public_id, 'section', section.name, 'row', seat.row_label,
        'label', seat.label, 'category', map.categories -> seat.category::integer ->> 'name',
        'price_minor', line.price_minor
    ) ORDER BY line.seat), '[]') AS list
    FROM reservation_seats AS line
    JOIN seats AS seat ON seat.seat_map_id = map.id AND seat.number = line.seat
    JOIN sections AS section ON section.seat_map_id = map.id AND section.number = seat.section
    WHERE line.reservation_id = reservation.id
) AS seats
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'area', area.public_id, 'section', section.name, 'name', area.name,
        'category', map.categories -> area.category::integer ->> 'name',
        'quantity', line.quantity, 'price_minor', line.price_minor
    ) ORDER BY line.area), '[]') AS list
    FROM reservation_areas AS line
    JOIN areas AS area ON area.seat_map_id = map.id AND area.number = line.area
    JOIN sections AS section ON section.seat_map_id = map.id AND section.number = area.section
    WHERE line.reservation_id = reservation.id
) AS areas
WHERE reservation.user_id = $1
  AND reservation.confirmed_at <= $2
  AND (reservation.confirmed_at < $2 OR reservation.id > $3)
ORDER BY reservation.confirmed_at DESC, reservation.id
LIMIT $4
