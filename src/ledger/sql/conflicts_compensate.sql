-- Notes that a reservation which lost its seats here was cancelled in Redis too.
UPDATE seat_conflicts
SET compensated_at = now()
WHERE loser_id = $1 AND compensated_at IS NULL
