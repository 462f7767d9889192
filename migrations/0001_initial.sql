-- The durable truth: what is on sale, and what was sold.

CREATE TABLE venues (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    city       text NOT NULL,
    time_zone  text NOT NULL,
    CONSTRAINT venues_name_city_key UNIQUE (name, city)
);

-- A seat map never changes: importing another layout under its name makes another version.
CREATE TABLE seat_maps (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    checksum    bytea NOT NULL CHECK (length(checksum) = 32),
    width       real NOT NULL,
    height      real NOT NULL,
    -- [{"name", "color"}], in the order that seats.category counts them.
    categories  jsonb NOT NULL,
    capacity    integer NOT NULL CHECK (capacity > 0),
    CONSTRAINT seat_maps_name_version_key UNIQUE (name, version)
);

CREATE TABLE sections (
    seat_map_id  uuid NOT NULL REFERENCES seat_maps,
    number       integer NOT NULL,
    name         text NOT NULL,
    PRIMARY KEY (seat_map_id, number)
);

-- `number` is dense within the map: contiguous by section, row, seat, from 0.
CREATE TABLE seats (
    seat_map_id  uuid NOT NULL REFERENCES seat_maps,
    number       integer NOT NULL,
    public_id    text NOT NULL,
    section      integer NOT NULL,
    -- The row's place in the whole map, from 0: rows of one label can stand side by side.
    row_number   integer NOT NULL,
    row_label    text NOT NULL,
    label        text NOT NULL,
    category     smallint NOT NULL,
    x            real NOT NULL,
    y            real NOT NULL,
    PRIMARY KEY (seat_map_id, number),
    CONSTRAINT seats_public_id_key UNIQUE (seat_map_id, public_id),
    FOREIGN KEY (seat_map_id, section) REFERENCES sections
);

CREATE TABLE concerts (
    id                  uuid PRIMARY KEY,
    slug                text NOT NULL CONSTRAINT concerts_slug_key UNIQUE,
    title               text NOT NULL,
    artist              text NOT NULL,
    venue_id            uuid NOT NULL REFERENCES venues,
    seat_map_id         uuid NOT NULL REFERENCES seat_maps,
    -- The Redis Cluster slot that the concert's keys share, for life.
    partition           smallint NOT NULL CHECK (partition >= 0),
    starts_at           timestamptz NOT NULL,
    opens_at            timestamptz NOT NULL,
    closes_at           timestamptz NOT NULL,
    cancel_until        timestamptz NOT NULL,
    sale_switch         text NOT NULL DEFAULT 'open' CHECK (sale_switch IN ('open', 'paused', 'closed')),
    currency            text NOT NULL CHECK (length(currency) = 3),
    hold_seconds        integer NOT NULL CHECK (hold_seconds > 0),
    max_seats_per_user  integer NOT NULL CHECK (max_seats_per_user > 0),
    confirmed_by        text NOT NULL CHECK (confirmed_by IN ('buyer', 'merchant')),
    version             integer NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (opens_at < closes_at)
);

CREATE INDEX concerts_by_start ON concerts (starts_at, id);
CREATE INDEX concerts_by_partition ON concerts (partition);

-- One row per category of the concert's seat map.
CREATE TABLE prices (
    concert_id   uuid NOT NULL REFERENCES concerts,
    category     smallint NOT NULL,
    price_minor  bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 4294967295),
    PRIMARY KEY (concert_id, category)
);

CREATE TABLE users (
    id          uuid PRIMARY KEY,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- Only what was confirmed at least once. `version` and `state` follow Redis, never the reverse.
CREATE TABLE reservations (
    id            uuid PRIMARY KEY,
    concert_id    uuid NOT NULL REFERENCES concerts,
    user_id       uuid NOT NULL REFERENCES users,
    state         text NOT NULL CHECK (state IN ('confirmed', 'cancelled')),
    cause         text NOT NULL CHECK (cause IN ('user', 'conflict')),
    version       bigint NOT NULL CHECK (version > 0),
    extended      boolean NOT NULL,
    fingerprint   bytea NOT NULL CHECK (length(fingerprint) = 8),
    total_minor   bigint NOT NULL,
    held_at       timestamptz NOT NULL,
    deadline      timestamptz NOT NULL,
    confirmed_at  timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL
);

CREATE INDEX reservations_by_user ON reservations (user_id, confirmed_at DESC, id);
CREATE INDEX reservations_by_concert ON reservations (concert_id, id);

-- A seat's row lives as long as its sale: `ended_at` is set when the sale is cancelled.
CREATE TABLE reservation_seats (
    reservation_id  uuid NOT NULL REFERENCES reservations,
    concert_id      uuid NOT NULL,
    seat            integer NOT NULL CHECK (seat >= 0),
    price_minor     bigint NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (reservation_id, seat)
);

-- The last word against selling a seat twice.
CREATE UNIQUE INDEX reservation_seats_live ON reservation_seats (concert_id, seat)
    WHERE ended_at IS NULL;

-- How far each partition's log was applied. `epoch` and `position` together are the writer's fence.
CREATE TABLE partitions (
    partition    smallint PRIMARY KEY CHECK (partition >= 0),
    epoch        bigint NOT NULL DEFAULT 1 CHECK (epoch > 0),
    position_ms  bigint NOT NULL DEFAULT 0 CHECK (position_ms >= 0),
    position_sequence  bigint NOT NULL DEFAULT 0 CHECK (position_sequence >= 0)
);

-- A sale that Redis granted although PostgreSQL had the seat sold: recorded, alarmed, compensated.
CREATE TABLE seat_conflicts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    concert_id      uuid NOT NULL REFERENCES concerts,
    seat            integer NOT NULL,
    winner_id       uuid NOT NULL REFERENCES reservations,
    loser_id        uuid NOT NULL REFERENCES reservations,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    -- When the loser was cancelled in Redis too.
    compensated_at  timestamptz,
    CONSTRAINT seat_conflicts_once UNIQUE (loser_id, seat)
);

CREATE INDEX seat_conflicts_open ON seat_conflicts (concert_id) WHERE compensated_at IS NULL;

-- Log entries that could not be read or applied, kept so that nothing is lost.
CREATE TABLE dead_letters (
    partition          smallint NOT NULL,
    position_ms        bigint NOT NULL,
    position_sequence  bigint NOT NULL,
    -- The bytes of an entry that could not be read,
    entry              bytea,
    -- or what a readable one said that PostgreSQL refused, for a person to repair.
    event              jsonb,
    reason             text NOT NULL,
    recorded_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, position_ms, position_sequence),
    CHECK ((entry IS NULL) <> (event IS NULL))
);
