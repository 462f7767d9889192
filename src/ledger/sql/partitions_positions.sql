-- How far every partition's log was applied: what a listener reads after (re)connecting.
SELECT partition::integer, position_ms, position_sequence
FROM partitions
