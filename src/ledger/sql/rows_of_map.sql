-- A result row per row of seats, because thirty seats in arrays travel and decode several times
-- faster than as thirty rows. Numbers are contiguous by section, row, seat.
SELECT section, row_number, row_label,
       min(number) AS first_number,
       array_agg(public_id ORDER BY number) AS ids,
       array_agg(label ORDER BY number) AS labels,
       array_agg(category ORDER BY number) AS categories,
       array_agg(x ORDER BY number) AS xs,
       array_agg(y ORDER BY number) AS ys,
       array_agg(accessible ORDER BY number) AS accessible
FROM seats
WHERE seat_map_id = $1
GROUP BY section, row_number, row_label
ORDER BY row_number
