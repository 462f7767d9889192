-- A concert keeps its seat map, its partition and the organiser's switch, and its organiser unless
-- another is named; anything else may change, and then raises the version that claims are held against.
INSERT INTO concerts (
    id, slug, title, artist, venue_id, seat_map_id, partition, starts_at, opens_at, closes_at,
    cancel_until, currency, hold_seconds, max_seats_per_user, confirmed_by, organiser_id
)
SELECT given.id, given.slug, given.title, given.artist, venue.id, given.seat_map_id,
       given.partition, given.starts_at, given.opens_at, given.closes_at, given.cancel_until,
       given.currency, given.hold_seconds, given.max_seats_per_user, given.confirmed_by,
       given.organiser_id
FROM UNNEST(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],
    $8::smallint[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
    $13::text[], $14::integer[], $15::integer[], $16::text[], $17::uuid[]
) AS given (
    id, slug, title, artist, venue_name, venue_city, seat_map_id, partition, starts_at, opens_at,
    closes_at, cancel_until, currency, hold_seconds, max_seats_per_user, confirmed_by, organiser_id
)
JOIN venues AS venue ON venue.name = given.venue_name AND venue.city = given.venue_city
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title,
    artist = excluded.artist,
    venue_id = excluded.venue_id,
    starts_at = excluded.starts_at,
    opens_at = excluded.opens_at,
    closes_at = excluded.closes_at,
    cancel_until = excluded.cancel_until,
    currency = excluded.currency,
    hold_seconds = excluded.hold_seconds,
    max_seats_per_user = excluded.max_seats_per_user,
    confirmed_by = excluded.confirmed_by,
    organiser_id = coalesce(excluded.organiser_id, concerts.organiser_id),
    version = concerts.version + 1
