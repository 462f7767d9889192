-- Adds that these repairs were made.
UPDATE repairs SET repaired_at = now() WHERE id = ANY($1)
