-- Those of these users that there are.
SELECT id
FROM users
WHERE id = ANY($1)
