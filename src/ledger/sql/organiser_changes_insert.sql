-- Puts on record what an organiser asks for.
INSERT INTO organiser_changes (
    concert_id, seat_map_id, reservation_id, owner_id, actor_id, request_id, action, reason, before,
    asked, outcome
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id
