-- Makes the row of one partition, at the start of its log.
INSERT INTO partitions (partition) VALUES ($1)
ON CONFLICT DO NOTHING
