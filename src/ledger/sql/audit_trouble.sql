-- What went wrong at a concert: seats and areas that two reservations were granted, whether anything is just
-- being settled, the losers that have waited to be cancelled for longer than that takes, and entries of its
-- log that were not applied, but for sales among them that were cancelled.
SELECT
    (SELECT count(*) FROM seat_conflicts WHERE concert_id = $1) AS conflicts,
    EXISTS(
        SELECT FROM seat_conflicts
        WHERE concert_id = $1 AND compensated_at IS NULL
          AND recorded_at >= now() - make_interval(secs => $2)
    ) OR EXISTS(
        SELECT FROM dead_letters
        WHERE event ->> 'concert_id' = $1::text AND compensated_at IS NULL
          AND recorded_at >= now() - make_interval(secs => $2)
    ) AS settling,
    ARRAY(
        SELECT DISTINCT loser_id FROM seat_conflicts
        WHERE concert_id = $1 AND compensated_at IS NULL
          AND recorded_at < now() - make_interval(secs => $2)
    ) AS open,
    ARRAY(
        SELECT format('%s-%s: %s', position_ms, position_sequence, reason) FROM dead_letters
        WHERE compensated_at IS NULL
          AND recorded_at < now() - make_interval(secs => $2)
          AND (event ->> 'concert_id' = $1::text OR substring(entry FROM 2 FOR 16) = uuid_send($1))
        ORDER BY position_ms, position_sequence
    ) AS dead_letters
