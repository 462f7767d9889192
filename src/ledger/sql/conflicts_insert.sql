-- Records the seats that reservations lost, and to whom.
INSERT INTO seat_conflicts (concert_id, seat, winner_id, loser_id)
SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[])
ON CONFLICT ON CONSTRAINT seat_conflicts_once DO NOTHING
