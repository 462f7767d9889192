-- Keeps others from changing a concert, so that what a change compares itself with is still so when it is
-- written.
SELECT 1 FROM concerts WHERE id = $1 FOR UPDATE
