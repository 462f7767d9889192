-- Revoked once: `is_now` says whether it was by this.
UPDATE service_keys
SET revoked_at = coalesce(revoked_at, now())
WHERE id = $1 AND organiser_id = coalesce($2, organiser_id)
RETURNING secret_hash, organiser_id, name, revoked_at = now() AS is_now
