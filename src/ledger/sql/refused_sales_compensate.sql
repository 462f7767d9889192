-- Notes that a sale which was refused here was cancelled in Redis.
UPDATE dead_letters
SET compensated_at = now()
WHERE partition = $1 AND event ->> 'id' = $2::text AND compensated_at IS NULL
