-- It locks the user whether or not there is a way back.
UPDATE users SET recovery_hash = NULL, recovery_expires_at = NULL WHERE id = $1
