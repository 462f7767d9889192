SELECT user_id, role, expires_at
FROM sessions
JOIN users ON users.id = user_id
WHERE token_hash = $1 AND expires_at > now()
