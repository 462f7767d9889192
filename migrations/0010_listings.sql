-- What lists of concerts ask for: words in any spelling, a city, which sale opens next, what is left.

-- The tables are counted below, which takes a while where millions of seats were sold.
SET LOCAL statement_timeout = '30min';

-- A text without capitals and accents, so that "Sigur Rós" is found as "sigur ros". What the rules of
-- Unicode do not take apart is replaced one by one.
CREATE FUNCTION folded(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(
        replace(replace(replace(replace(
            regexp_replace(
                lower(normalize(given, NFKD) COLLATE "und-x-icu"), '[\u0300-\u036F]', '', 'g'
            ),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        'øłđðħı', 'olddhi'
    )
$$;

-- The words of a text, folded. Null if it has none.
CREATE FUNCTION folded_words(given text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(word)
    FROM regexp_split_to_table(folded(given) COLLATE "und-x-icu", '[^[:alnum:]]+') AS word
    WHERE word <> ''
$$;

-- What finds texts in which every one of the words begins a word. Null, which finds none, if there are none.
CREATE FUNCTION words_wanted(given text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg('''' || word || ''':*', ' & ')::tsquery FROM unnest(folded_words(given)) AS word
$$;

-- Kept by a trigger, so that whatever writes a concert need not know of them. A venue's name and city
-- are its identity, and never change.
ALTER TABLE concerts
    ADD COLUMN listed_words tsvector,
    ADD COLUMN listed_city text;

CREATE FUNCTION concerts_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT array_to_tsvector(coalesce(
               folded_words(concat_ws(' ', NEW.title, NEW.artist, venue.name, venue.city)), '{}'
           )), folded(venue.city)
    INTO NEW.listed_words, NEW.listed_city
    FROM venues AS venue
    WHERE venue.id = NEW.venue_id;
    RETURN NEW;
END $$;

CREATE TRIGGER concerts_listed
    BEFORE INSERT OR UPDATE OF title, artist, venue_id ON concerts
    FOR EACH ROW EXECUTE FUNCTION concerts_listed();

UPDATE concerts SET title = title;

CREATE INDEX concerts_by_words ON concerts USING gin (listed_words);
CREATE INDEX concerts_by_city ON concerts (listed_city, starts_at, id);
CREATE INDEX concerts_by_opening ON concerts (opens_at, id);
CREATE INDEX concerts_by_city_opening ON concerts (listed_city, opens_at, id);

-- How many seats of a concert are sold, and kept back: what a list would else have to count for each of
-- its concerts. Only one partition's writer ever changes a row. No foreign key and no checks, because
-- what they refused would keep sales from being persisted.
CREATE TABLE concert_counts (
    concert_id     uuid PRIMARY KEY,
    seats_sold     integer NOT NULL DEFAULT 0,
    seats_blocked  integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What is counted must not change before the triggers count it, too.
LOCK TABLE reservation_seats, blocked_seats IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO concert_counts (concert_id, seats_sold, seats_blocked)
SELECT concert_id, sum(sold), sum(blocked)
FROM (
    SELECT concert_id, count(*) AS sold, 0 AS blocked
    FROM reservation_seats WHERE ended_at IS NULL GROUP BY concert_id
    UNION ALL
    SELECT concert_id, 0, count(*) FROM blocked_seats WHERE blocked GROUP BY concert_id
) AS counted
GROUP BY concert_id;

CREATE FUNCTION count_sold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO concert_counts AS known (concert_id, seats_sold)
        SELECT concert_id, count(*) FROM added WHERE ended_at IS NULL GROUP BY concert_id ORDER BY concert_id
        ON CONFLICT (concert_id) DO UPDATE SET seats_sold = known.seats_sold + excluded.seats_sold;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO concert_counts AS known (concert_id, seats_sold)
        SELECT concert_id, -count(*) FROM gone WHERE ended_at IS NULL GROUP BY concert_id ORDER BY concert_id
        ON CONFLICT (concert_id) DO UPDATE SET seats_sold = known.seats_sold + excluded.seats_sold;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_sold_added AFTER INSERT ON reservation_seats
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_sold();
CREATE TRIGGER count_sold_changed AFTER UPDATE ON reservation_seats
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_sold();
CREATE TRIGGER count_sold_gone AFTER DELETE ON reservation_seats
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_sold();

CREATE FUNCTION count_blocked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO concert_counts AS known (concert_id, seats_blocked)
        SELECT concert_id, count(*) FROM added WHERE blocked GROUP BY concert_id ORDER BY concert_id
        ON CONFLICT (concert_id) DO UPDATE SET seats_blocked = known.seats_blocked + excluded.seats_blocked;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO concert_counts AS known (concert_id, seats_blocked)
        SELECT concert_id, -count(*) FROM gone WHERE blocked GROUP BY concert_id ORDER BY concert_id
        ON CONFLICT (concert_id) DO UPDATE SET seats_blocked = known.seats_blocked + excluded.seats_blocked;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_blocked_added AFTER INSERT ON blocked_seats
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_blocked();
CREATE TRIGGER count_blocked_changed AFTER UPDATE ON blocked_seats
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_blocked();
CREATE TRIGGER count_blocked_gone AFTER DELETE ON blocked_seats
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_blocked();

-- A concert as lists show it. What is left is what nobody bought and nobody keeps back; somebody may
-- hold it just now.
CREATE VIEW concert_summaries AS
SELECT concert.id, concert.slug, concert.title, concert.artist,
       venue.name AS venue_name, venue.city AS venue_city, venue.time_zone AS venue_time_zone,
       concert.starts_at, concert.opens_at, concert.closes_at, concert.sale_switch,
       concert.currency, map.capacity + map.standing AS capacity,
       price.lowest AS lowest_price_minor, price.highest AS highest_price_minor,
       greatest(
           map.capacity + map.standing
               - coalesce(counts.seats_sold + counts.seats_blocked, 0) - areas.sold,
           0
       )::integer AS places_left
FROM concerts AS concert
JOIN venues AS venue ON venue.id = concert.venue_id
JOIN seat_maps AS map ON map.id = concert.seat_map_id
LEFT JOIN concert_counts AS counts ON counts.concert_id = concert.id
CROSS JOIN LATERAL (
    SELECT min(price_minor) AS lowest, max(price_minor) AS highest
    FROM prices
    WHERE prices.concert_id = concert.id
) AS price
CROSS JOIN LATERAL (
    SELECT coalesce(sum(area_sales.sold), 0) AS sold
    FROM area_sales
    WHERE area_sales.concert_id = concert.id
) AS areas;
