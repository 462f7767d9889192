-- How often something went wrong at a concert: seats that two reservations were granted, those of them
-- that wait to be settled, and entries of its log that were not applied, as far as they can be read.
SELECT
    (SELECT count(*) FROM seat_conflicts WHERE concert_id = $1) AS conflicts,
    (SELECT count(*) FROM seat_conflicts
     WHERE concert_id = $1 AND compensated_at IS NULL) AS conflicts_open,
    (SELECT count(*) FROM dead_letters
     WHERE event ->> 'concert_id' = $1::text
        OR substring(entry FROM 2 FOR 16) = uuid_send($1)) AS dead_letters
