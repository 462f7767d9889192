-- What was sold of a concert and stands, by the hour or day of its venue; the last ones, in order.
SELECT begins_at, tickets, revenue_minor
FROM (
    SELECT date_trunc($2, sale.confirmed_at, $3) AS begins_at, sum(sold.tickets)::bigint AS tickets,
           sum(sold.revenue_minor)::bigint AS revenue_minor
    FROM reservations AS sale
    JOIN (
        SELECT reservation_id, count(*) AS tickets, sum(price_minor) AS revenue_minor
        FROM reservation_seats
        WHERE concert_id = $1 AND ended_at IS NULL
        GROUP BY reservation_id
        UNION ALL
        SELECT place.reservation_id, sum(place.quantity), sum(place.quantity * place.price_minor)
        FROM reservation_areas AS place
        JOIN reservations AS owner ON owner.id = place.reservation_id
        WHERE owner.concert_id = $1 AND place.ended_at IS NULL
        GROUP BY place.reservation_id
    ) AS sold ON sold.reservation_id = sale.id
    GROUP BY 1
    ORDER BY 1 DESC
    LIMIT $4
) AS last
ORDER BY begins_at
