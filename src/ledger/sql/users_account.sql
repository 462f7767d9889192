-- Somebody new, or a guest who is known from a purchase. Whoever has an account stays as they are.
-- A guest's way back ends: from now on there is a password.
INSERT INTO users AS known (id, role, email, name, password_hash)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE
SET role = excluded.role, email = excluded.email, name = excluded.name,
    password_hash = excluded.password_hash, recovery_hash = NULL, recovery_expires_at = NULL
WHERE known.email IS NULL
RETURNING id, role, email, name, created_at
