-- A guest is not known before their first purchase, of which this is a part.
WITH guests AS (
    INSERT INTO users (id)
    SELECT DISTINCT id FROM UNNEST($1::uuid[]) AS guest (id) ORDER BY id
    ON CONFLICT DO NOTHING
)
INSERT INTO sessions (user_id, token_hash, expires_at)
SELECT * FROM UNNEST($1::uuid[], $2::bytea[], $3::timestamptz[])
ON CONFLICT DO NOTHING
