-- General admission: parts of a house where people stand, sold by quantity.

-- A house may have seats, areas, or both.
ALTER TABLE seat_maps
    ADD COLUMN standing integer NOT NULL DEFAULT 0 CHECK (standing >= 0),
    DROP CONSTRAINT seat_maps_capacity_check,
    ADD CONSTRAINT seat_maps_capacity_check CHECK (capacity >= 0),
    ADD CONSTRAINT seat_maps_room_check CHECK (capacity + standing > 0);

-- `number` is dense within the map, from 0.
CREATE TABLE areas (
    seat_map_id  uuid NOT NULL REFERENCES seat_maps,
    number       smallint NOT NULL CHECK (number >= 0),
    public_id    text NOT NULL,
    section      integer NOT NULL,
    name         text NOT NULL,
    category     smallint NOT NULL,
    capacity     integer NOT NULL CHECK (capacity > 0),
    -- The corners on the drawing: x and y of each in turn.
    outline      real[] NOT NULL,
    PRIMARY KEY (seat_map_id, number),
    CONSTRAINT areas_public_id_key UNIQUE (seat_map_id, public_id),
    FOREIGN KEY (seat_map_id, section) REFERENCES sections
);

-- What the organiser's server calls the payment; empty when the buyer confirmed.
ALTER TABLE reservations ADD COLUMN payment_reference text NOT NULL DEFAULT '';

-- Places of a reservation in an area; `ended_at` is set when their sale is cancelled.
CREATE TABLE reservation_areas (
    reservation_id  uuid NOT NULL REFERENCES reservations,
    concert_id      uuid NOT NULL,
    area            smallint NOT NULL,
    quantity        integer NOT NULL CHECK (quantity > 0),
    price_minor     bigint NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (reservation_id, area)
);

-- How many places of each area of a concert are sold, and the last word against selling more than
-- there are.
CREATE TABLE area_sales (
    concert_id  uuid NOT NULL REFERENCES concerts,
    area        smallint NOT NULL,
    capacity    integer NOT NULL,
    sold        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (concert_id, area),
    CONSTRAINT area_sales_never_over CHECK (sold BETWEEN 0 AND capacity)
);

-- A conflict is about a seat that somebody else has, or about an area that was full.
ALTER TABLE seat_conflicts
    ALTER COLUMN seat DROP NOT NULL,
    ALTER COLUMN winner_id DROP NOT NULL,
    ADD COLUMN area smallint,
    ADD CONSTRAINT seat_conflicts_subject_check
        CHECK ((seat IS NULL) <> (area IS NULL) AND (seat IS NULL) = (winner_id IS NULL)),
    ADD CONSTRAINT seat_conflicts_area_once UNIQUE (loser_id, area);
