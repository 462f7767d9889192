-- All of them, or all but one.
DELETE FROM sessions
WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2::bytea
RETURNING token_hash
