-- What organisers do: whose a concert is, which seats they keep back, what they changed, and what
-- happened to every seat.

ALTER TABLE concerts ADD COLUMN organiser_id uuid REFERENCES users;
CREATE INDEX concerts_by_organiser ON concerts (organiser_id, starts_at, id);

-- Null: everybody's. A name's versions are all the same organiser's.
ALTER TABLE seat_maps ADD COLUMN organiser_id uuid REFERENCES users;

-- Every row satisfies the narrower check that this replaces, so that none has to be looked at.
ALTER TABLE reservations
    DROP CONSTRAINT reservations_cause_check,
    ADD CONSTRAINT reservations_cause_check
        CHECK (cause IN ('user', 'conflict', 'organiser', 'merchant')) NOT VALID;

-- The last word about each seat that was ever kept back, and where in the log it stands: words that
-- are read again change nothing. No foreign key, because a word that PostgreSQL refuses would keep
-- every sale behind it from being persisted.
CREATE TABLE blocked_seats (
    concert_id         uuid NOT NULL,
    seat               integer NOT NULL,
    blocked            boolean NOT NULL,
    position_ms        bigint NOT NULL,
    position_sequence  bigint NOT NULL,
    PRIMARY KEY (concert_id, seat)
);

-- What happened: a row for each entry of a log, at the position that it had. `position_ms` is also
-- when, by Redis's clock. Never updated. No foreign keys and no checks, as above.
CREATE TABLE reservation_events (
    position_ms        bigint NOT NULL,
    position_sequence  bigint NOT NULL,
    -- Until when it was held, in ms since 1970, where that is what happened.
    deadline_ms        bigint,
    concert_id         uuid NOT NULL,
    -- Null where seats were blocked or unblocked.
    reservation_id     uuid,
    -- Whose reservation it is, or who blocked or unblocked.
    user_id            uuid NOT NULL,
    version            bigint,
    epoch              integer NOT NULL,
    partition          smallint NOT NULL,
    verb               text NOT NULL,
    cause              text,
    seats              integer[] NOT NULL,
    -- Numbers of areas, each followed by how many places.
    areas              integer[],
    -- What a hold was changed to be without.
    seats_dropped      integer[],
    areas_dropped      integer[],
    PRIMARY KEY (partition, position_ms, position_sequence)
);

CREATE INDEX reservation_events_of_concert ON reservation_events (concert_id, reservation_id);

-- What organisers asked for and what came of it. `outcome` is null until it is known, and then
-- never changes, as nothing else here does.
CREATE TABLE organiser_changes (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    concert_id      uuid REFERENCES concerts,
    seat_map_id     uuid REFERENCES seat_maps,
    reservation_id  uuid,
    actor_id        uuid NOT NULL,
    request_id      text NOT NULL,
    asked_at        timestamptz NOT NULL DEFAULT now(),
    action          text NOT NULL,
    reason          text,
    -- What it was before, where that is known beforehand; and what was asked for.
    before          jsonb,
    asked           jsonb NOT NULL,
    outcome         jsonb
);

CREATE INDEX organiser_changes_of_concert ON organiser_changes (concert_id, id);

CREATE FUNCTION organiser_changes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome IS NULL
        AND to_jsonb(NEW) - 'outcome' = to_jsonb(OLD) - 'outcome'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what organisers changed is on record and stays there';
END $$;

CREATE TRIGGER organiser_changes_stay
    BEFORE UPDATE OR DELETE ON organiser_changes
    FOR EACH ROW EXECUTE FUNCTION organiser_changes_stay();
