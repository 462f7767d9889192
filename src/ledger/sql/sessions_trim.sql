-- Leaves a user their newest sessions.
DELETE FROM sessions
WHERE token_hash IN (
    SELECT token_hash FROM sessions WHERE user_id = $1 ORDER BY created_at DESC OFFSET $2
)
RETURNING token_hash
