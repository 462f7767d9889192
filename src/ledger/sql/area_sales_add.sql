-- Counts places as sold where there are so many left. An area that would be over its capacity is left
-- as it is, and the caller sees it by the count.
UPDATE area_sales
SET sold = sold + wanted.quantity
FROM UNNEST($1::uuid[], $2::smallint[], $3::integer[]) AS wanted (concert_id, area, quantity)
WHERE area_sales.concert_id = wanted.concert_id AND area_sales.area = wanted.area
  AND area_sales.sold + wanted.quantity <= area_sales.capacity
