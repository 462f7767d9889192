-- Records the seats that reservations lost, and to whom, and the areas that were full.
INSERT INTO seat_conflicts (concert_id, seat, winner_id, area, loser_id)
SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::smallint[], $5::uuid[])
ON CONFLICT DO NOTHING
