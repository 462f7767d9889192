-- Records the seats that a reservation lost, and to whom.
INSERT INTO seat_conflicts (concert_id, seat, winner_id, loser_id)
SELECT $1, taken.seat, taken.winner_id, $2
FROM UNNEST($3::bigint[], $4::uuid[]) AS taken (seat, winner_id)
ON CONFLICT ON CONSTRAINT seat_conflicts_once DO NOTHING
