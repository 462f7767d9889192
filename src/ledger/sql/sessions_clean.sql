DELETE FROM sessions
WHERE token_hash IN (
    SELECT token_hash FROM sessions WHERE expires_at < now() ORDER BY expires_at LIMIT $1
)
