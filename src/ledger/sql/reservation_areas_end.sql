-- Ends the sales of cancelled reservations and gives their places back. Before any is sold, because
-- the batch may have sold a place again that it cancelled.
WITH ended AS (
    UPDATE reservation_areas
    SET ended_at = cancelled.ended_at
    FROM UNNEST($1::uuid[], $2::timestamptz[]) AS cancelled (id, ended_at)
    WHERE reservation_areas.reservation_id = cancelled.id
      AND reservation_areas.ended_at IS NULL
    RETURNING concert_id, area, quantity
), freed AS (
    SELECT concert_id, area, sum(quantity) AS quantity FROM ended GROUP BY concert_id, area
)
UPDATE area_sales
SET sold = sold - freed.quantity
FROM freed
WHERE area_sales.concert_id = freed.concert_id AND area_sales.area = freed.area
