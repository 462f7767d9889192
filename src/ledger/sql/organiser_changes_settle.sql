-- Adds what came of it.
UPDATE organiser_changes SET outcome = $2 WHERE id = $1 AND outcome IS NULL
