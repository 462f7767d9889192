-- As users_lock.sql, if the password is still this one.
SELECT id, role FROM users WHERE id = $1 AND password_hash = $2 FOR NO KEY UPDATE
