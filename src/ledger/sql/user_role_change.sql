-- Locked first, so that what it is said to have been is what it was.
WITH before AS (SELECT id, role FROM users WHERE email = $1 FOR NO KEY UPDATE)
UPDATE users SET role = $2
FROM before
WHERE users.id = before.id
RETURNING users.id, before.role
