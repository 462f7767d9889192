-- Locked, so that what a change compares itself with is still so when it is written.
SELECT concert.id, concert.slug, concert.organiser_id, concert.title, concert.artist,
       venue.name AS venue_name, venue.city AS venue_city, venue.time_zone AS venue_time_zone,
       concert.seat_map_id, concert.partition, concert.starts_at, concert.opens_at,
       concert.closes_at, concert.cancel_until, concert.sale_switch, concert.currency,
       concert.hold_seconds, concert.max_seats_per_user, concert.confirmed_by, concert.version,
       ARRAY(
           SELECT price.price_minor
           FROM prices AS price
           WHERE price.concert_id = concert.id
           ORDER BY price.category
       ) AS prices_minor
FROM concerts AS concert
JOIN venues AS venue ON venue.id = concert.venue_id
WHERE concert.id = $1
FOR UPDATE OF concert
