-- A session that has ended stays for an hour without its user, so that a statement which would keep it
-- and is still on its way finds it there, and does not bring it back.
ALTER TABLE sessions ALTER COLUMN user_id DROP NOT NULL;
