UPDATE concerts
SET sale_switch = $2, opens_at = $3, closes_at = $4, version = version + 1
WHERE id = $1
