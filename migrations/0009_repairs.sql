-- What an audit found out of step in Redis and brought back in step by itself. Written before the repair;
-- `repaired_at` stays null where it turned out not to be needed, or nobody came to write it down. No foreign
-- key and no checks: it is a record for people, and must not stand in a repair's way.
CREATE TABLE repairs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    concert_id   uuid NOT NULL,
    -- The kind of problem, as `frontrow audit` names it, what it was about, and what it said.
    kind         text NOT NULL,
    subject      text NOT NULL,
    says         text NOT NULL,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    repaired_at  timestamptz
);

CREATE INDEX repairs_of_concert ON repairs (concert_id, id);
