-- A concert as its page shows it, without the seats of its map.
SELECT concert.id, concert.slug, concert.organiser_id, concert.title, concert.artist,
       summary.venue_name, summary.venue_city, summary.venue_time_zone,
       concert.seat_map_id, concert.partition, concert.starts_at, concert.opens_at,
       concert.closes_at, concert.cancel_until, concert.sale_switch, concert.currency,
       concert.hold_seconds, concert.max_seats_per_user, concert.confirmed_by, concert.version,
       ARRAY(
           SELECT price.price_minor
           FROM prices AS price
           WHERE price.concert_id = concert.id
           ORDER BY price.category
       ) AS prices_minor,
       map.categories, summary.capacity, summary.places_left
FROM concerts AS concert
JOIN concert_summaries AS summary ON summary.id = concert.id
JOIN seat_maps AS map ON map.id = concert.seat_map_id
WHERE concert.id = $1
