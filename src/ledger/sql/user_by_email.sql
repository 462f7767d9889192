SELECT id, role, email, name, created_at, password_hash
FROM users
WHERE email = $1
