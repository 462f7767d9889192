-- Makes the rows of partitions 0 to $1 - 1; those that are there stay as they are.
INSERT INTO partitions (partition)
SELECT generate_series(0, $1 - 1)
ON CONFLICT DO NOTHING
