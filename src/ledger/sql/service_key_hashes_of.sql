SELECT secret_hash FROM service_keys WHERE organiser_id = $1 AND revoked_at IS NULL
