-- The page is chosen before anything else of its concerts is read. Served by concerts_by_start or
-- concerts_by_city, in their order, or by concerts_by_words when the words are rare.
WITH page AS MATERIALIZED (
    SELECT concert.id
    FROM concerts AS concert
    WHERE (concert.starts_at, concert.id) > ($1, $2)
      AND concert.starts_at >= $3 AND concert.starts_at < $4
      AND ($5::text IS NULL OR concert.listed_words @@ words_wanted($5))
      AND ($6::text IS NULL OR concert.listed_city = folded($6))
    ORDER BY concert.starts_at, concert.id
    LIMIT $7
)
SELECT summary.*
FROM page
JOIN concert_summaries AS summary ON summary.id = page.id
ORDER BY summary.starts_at, summary.id
