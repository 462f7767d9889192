-- What was sold of a concert and stands, by section and category of its seat map.
SELECT section, category, sum(tickets)::bigint AS tickets, sum(revenue_minor)::bigint AS revenue_minor
FROM (
    SELECT place.section, place.category, count(*) AS tickets,
           sum(sold.price_minor) AS revenue_minor
    FROM reservation_seats AS sold
    JOIN seats AS place ON place.seat_map_id = $2 AND place.number = sold.seat
    WHERE sold.concert_id = $1 AND sold.ended_at IS NULL
    GROUP BY place.section, place.category
    UNION ALL
    SELECT place.section, place.category, sum(sold.quantity),
           sum(sold.quantity * sold.price_minor)
    FROM reservation_areas AS sold
    JOIN areas AS place ON place.seat_map_id = $2 AND place.number = sold.area
    JOIN reservations AS sale ON sale.id = sold.reservation_id
    WHERE sale.concert_id = $1 AND sold.ended_at IS NULL
    GROUP BY place.section, place.category
) AS parts
GROUP BY section, category
