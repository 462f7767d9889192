INSERT INTO service_keys (id, organiser_id, name, secret_hash)
SELECT $1, $2, $3, $4
WHERE (SELECT count(*) FROM service_keys WHERE organiser_id = $2 AND revoked_at IS NULL) < $5
RETURNING id, name, created_at
