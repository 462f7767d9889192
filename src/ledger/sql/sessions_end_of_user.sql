-- All of them, or all but one. As session_end.sql.
UPDATE sessions SET user_id = NULL, expires_at = now() + interval '1 hour'
WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2::bytea
RETURNING token_hash
