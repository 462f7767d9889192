-- What these areas have left.
SELECT area_sales.concert_id, area_sales.area, area_sales.capacity - area_sales.sold AS places_left
FROM UNNEST($1::uuid[], $2::smallint[]) AS wanted (concert_id, area)
JOIN area_sales USING (concert_id, area)
