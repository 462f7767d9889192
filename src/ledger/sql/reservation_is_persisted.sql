-- Whether a change was written as it was granted: a sale that was refused for a conflict was not.
SELECT EXISTS (
    SELECT FROM reservations
    WHERE id = $1 AND version >= $2 AND cause <> 'conflict'
)
