-- The owners of a batch's reservations, who may never have signed up. Sorted by the caller, so that
-- two partitions' writers that meet the same users lock them in the same order.
INSERT INTO users (id)
SELECT * FROM UNNEST($1::uuid[])
ON CONFLICT DO NOTHING
