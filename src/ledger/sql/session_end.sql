-- What is left for an hour keeps a statement that would keep the session, and is still on its way, from
-- bringing it back.
UPDATE sessions SET user_id = NULL, expires_at = now() + interval '1 hour' WHERE token_hash = $1
