-- How many places each of these reservations has live, by area: what its cancellation gives back.
SELECT concert_id, area, sum(quantity)::bigint AS quantity
FROM reservation_areas
WHERE reservation_id = ANY($1) AND ended_at IS NULL
GROUP BY concert_id, area
