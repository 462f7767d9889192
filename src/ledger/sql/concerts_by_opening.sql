-- As concerts_by_start.sql, by what goes on sale next: concerts_by_opening, or concerts_by_city_opening.
WITH page AS MATERIALIZED (
    SELECT concert.id
    FROM concerts AS concert
    WHERE (concert.opens_at, concert.id) > ($1, $2)
      AND concert.starts_at >= $3 AND concert.starts_at < $4
      AND ($5::text IS NULL OR concert.listed_words @@ words_wanted($5))
      AND ($6::text IS NULL OR concert.listed_city = folded($6))
      AND concert.sale_switch <> 'closed'
    ORDER BY concert.opens_at, concert.id
    LIMIT $7
)
SELECT summary.*
FROM page
JOIN concert_summaries AS summary ON summary.id = page.id
ORDER BY summary.opens_at, summary.id
