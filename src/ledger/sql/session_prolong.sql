-- Never shorter: two that use the session at once prolong it in either order. Nor one that has ended.
UPDATE sessions SET expires_at = greatest(expires_at, $2) WHERE token_hash = $1 AND user_id IS NOT NULL
