SELECT capacity, sold
FROM area_sales
WHERE concert_id = $1
ORDER BY area
