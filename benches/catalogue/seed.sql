-- A season of 100,000 concerts at 200 venues in 50 cities, all in one hall of 2,000 seats, and a million
-- reservations of 10,000 people, at a thousand of the concerts.
INSERT INTO venues (id, name, city, time_zone)
SELECT gen_random_uuid(), 'Salle ' || n, 'Cité ' || n % 50, 'Europe/Paris' FROM generate_series(1, 200) AS n;

INSERT INTO concerts (
    id, slug, title, artist, venue_id, seat_map_id, partition, starts_at, opens_at, closes_at,
    cancel_until, currency, hold_seconds, max_seats_per_user, confirmed_by
)
SELECT md5('concert' || n)::uuid, 'c-' || n, 'Soirée ' || n % 977, 'Artist ' || n % 5000, venue.id,
       (SELECT id FROM seat_maps LIMIT 1), n % 16, begins, begins - (1 + n % 60) * interval '1 day', begins, begins,
       'EUR', 600, 6, 'buyer'
FROM generate_series(1, 100000) AS n
CROSS JOIN LATERAL (SELECT now() + interval '1 day' + n * interval '5 minutes' AS begins) AS times
JOIN (SELECT id, row_number() OVER () AS number FROM venues WHERE name LIKE 'Salle %') AS venue
    ON venue.number = 1 + n % 200;

INSERT INTO prices (concert_id, category, price_minor)
SELECT md5('concert' || n)::uuid, 0, 2000 + n % 5000 FROM generate_series(1, 100000) AS n;

INSERT INTO users (id) SELECT md5('user' || n)::uuid FROM generate_series(0, 9999) AS n;

INSERT INTO reservations (
    id, concert_id, user_id, state, cause, version, extended, fingerprint, total_minor, held_at, deadline,
    confirmed_at, changed_at
)
SELECT md5('reservation' || n)::uuid, md5('concert' || 1 + n % 1000)::uuid, md5('user' || n % 10000)::uuid,
       'confirmed', 'user', 2, false, '\x0000000000000000', 2000, now(), now(), now() - n * interval '1 second', now()
FROM generate_series(0, 999999) AS n;

INSERT INTO reservation_seats (reservation_id, concert_id, seat, price_minor)
SELECT md5('reservation' || n)::uuid, md5('concert' || 1 + n % 1000)::uuid, n / 1000, 2000
FROM generate_series(0, 999999) AS n;

ANALYZE;
