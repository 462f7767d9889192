-- Venues whose time zone is about to change: every concert there is read in another one.
SELECT venue.id
FROM venues AS venue
JOIN UNNEST($1::text[], $2::text[], $3::text[]) AS given (name, city, time_zone)
    ON given.name = venue.name AND given.city = venue.city
WHERE given.time_zone <> venue.time_zone
