SELECT organiser_id
FROM service_keys
JOIN users AS organiser ON organiser.id = organiser_id
WHERE secret_hash = $1 AND revoked_at IS NULL AND organiser.role <> 'buyer'
