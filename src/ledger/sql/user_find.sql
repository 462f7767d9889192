SELECT id, role, email, name, created_at
FROM users
WHERE id = $1
