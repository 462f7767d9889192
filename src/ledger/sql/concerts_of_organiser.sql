-- The page is served by the index concerts_by_organiser, in its order.
WITH page AS MATERIALIZED (
    SELECT concert.id
    FROM concerts AS concert
    WHERE concert.organiser_id = $4 AND (concert.starts_at, concert.id) > ($1, $2)
    ORDER BY concert.starts_at, concert.id
    LIMIT $3
)
SELECT summary.*
FROM page
JOIN concert_summaries AS summary ON summary.id = page.id
ORDER BY summary.starts_at, summary.id
