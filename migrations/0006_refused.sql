-- A sale that PostgreSQL would not take is cancelled in Redis, as one that lost a conflict is.

-- Every row satisfies the narrower check that this replaces, so that none has to be looked at.
ALTER TABLE reservations
    DROP CONSTRAINT reservations_cause_check,
    ADD CONSTRAINT reservations_cause_check
        CHECK (cause IN ('user', 'conflict', 'organiser', 'merchant', 'refused')) NOT VALID;

-- When a sale that was refused was cancelled in Redis too.
ALTER TABLE dead_letters ADD COLUMN compensated_at timestamptz;
