-- Moves a partition's position unless somebody else moved it since this writer read it, and tells
-- whoever waits for the position, at commit. No row back: the writer is stale.
WITH moved AS (
    UPDATE partitions
    SET position_ms = $5, position_sequence = $6
    WHERE partition = $1 AND epoch = $2 AND position_ms = $3 AND position_sequence = $4
    RETURNING partition, position_ms, position_sequence
)
SELECT pg_notify('persisted', format('%s:%s-%s', partition, position_ms, position_sequence))
FROM moved
