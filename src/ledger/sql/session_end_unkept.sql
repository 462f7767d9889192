-- As session_end.sql, of a session that is not known to be here.
INSERT INTO sessions (token_hash, expires_at) VALUES ($1, now() + interval '1 hour')
ON CONFLICT (token_hash) DO UPDATE SET user_id = NULL, expires_at = excluded.expires_at
