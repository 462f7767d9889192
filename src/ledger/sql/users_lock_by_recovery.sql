-- As users_lock.sql, of the guest who has this way back.
SELECT id, role FROM users
WHERE recovery_hash = $1 AND recovery_expires_at > now()
FOR NO KEY UPDATE
