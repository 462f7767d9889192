-- As many as one organiser may have. Their ids are in the order of their making.
SELECT id, name, created_at
FROM service_keys
WHERE organiser_id = $1 AND revoked_at IS NULL
ORDER BY id
