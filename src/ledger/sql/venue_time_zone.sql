SELECT time_zone
FROM venues
WHERE name = $1 AND city = $2
