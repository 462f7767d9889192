-- Whether a reservation was refused as a sale. Served by the primary key: dead letters are few.
SELECT EXISTS (
    SELECT 1 FROM dead_letters
    WHERE partition = $1 AND event ->> 'id' = $2::text AND event ->> 'state' = 'confirmed'
)
