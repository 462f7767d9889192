-- Makes whoever changes what a user has wait for each other. Not FOR UPDATE: sales refer to users.
SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE
