UPDATE users
SET recovery_hash = $2, recovery_expires_at = $3
WHERE id = $1 AND email IS NULL
