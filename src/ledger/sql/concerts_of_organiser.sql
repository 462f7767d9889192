-- Served by the index concerts_by_organiser, in its order.
SELECT concert.id, concert.slug, concert.title, concert.artist,
       venue.name AS venue_name, venue.city AS venue_city, venue.time_zone AS venue_time_zone,
       concert.starts_at, concert.opens_at, concert.closes_at, concert.sale_switch,
       concert.currency, map.capacity + map.standing AS capacity,
       price.lowest AS lowest_price_minor, price.highest AS highest_price_minor
FROM concerts AS concert
JOIN venues AS venue ON venue.id = concert.venue_id
JOIN seat_maps AS map ON map.id = concert.seat_map_id
CROSS JOIN LATERAL (
    SELECT min(price_minor) AS lowest, max(price_minor) AS highest
    FROM prices
    WHERE prices.concert_id = concert.id
) AS price
WHERE concert.organiser_id = $4 AND (concert.starts_at, concert.id) > ($1, $2)
ORDER BY concert.starts_at, concert.id
LIMIT $3
