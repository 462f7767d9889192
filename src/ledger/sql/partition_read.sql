-- How far one partition's log was applied, and in which epoch.
SELECT epoch, position_ms, position_sequence
FROM partitions
WHERE partition = $1
