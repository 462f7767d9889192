-- Begins an epoch for a rebuild, unless somebody else has: from here on, writers of the epoch
-- before are stale.
UPDATE partitions
SET epoch = $3, position_ms = $4, position_sequence = $5
WHERE partition = $1 AND epoch = $2
