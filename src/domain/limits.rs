//! The bounds that whoever uses Frontrow can meet, in one table; timeouts and what only one file is
//! about stand there. What exceeds a bound here is refused with an error that names it.

/// Seats in one seat map.
pub const SEATS_PER_MAP_MAX: u32 = 1_000_000;
/// Price categories in one seat map.
pub const CATEGORIES_PER_MAP_MAX: usize = 1_000;
/// Sections in one seat map.
pub const SECTIONS_PER_MAP_MAX: usize = 10_000;
/// Rows in one seat map.
pub const ROWS_PER_MAP_MAX: usize = 200_000;
/// Standing areas in one seat map.
pub const AREAS_PER_MAP_MAX: usize = 1_000;
/// Places in all areas of one seat map together.
pub const AREA_CAPACITY_MAX: u32 = 1_000_000;
/// Corners of one area on the drawing.
pub const CORNERS_PER_AREA_MAX: usize = 500;
/// How far from the drawing's origin a seat may be, and how wide and high the drawing may be.
pub const COORDINATE_MAX: f64 = 1_000_000.0;
/// Bytes of an import file: room for the largest map with every optional key.
pub const IMPORT_FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Concerts in one import file.
pub const CONCERTS_PER_FILE_MAX: usize = 100_000;
/// Mistakes that an import names before it only counts them.
pub const MISTAKES_NAMED_MAX: usize = 20;
/// Characters of a concert's slug.
pub const SLUG_CHARACTERS_MAX: usize = 100;
/// The first year that a concert's times may be in.
pub const CONCERT_YEAR_MIN: i16 = 2000;
/// The last year that a concert's times may be in.
pub const CONCERT_YEAR_MAX: i16 = 2999;
/// Partitions: each is a log, a writer and a Redis Cluster slot. A concert keeps its own for life, so
/// this number never changes where there are concerts.
pub const PARTITIONS: u16 = 16;
/// Seats that one statement inserts, so that a large map is not one large message.
pub const SEATS_PER_INSERT_MAX: usize = 20_000;
/// Seats in the seat maps that a process keeps at hand; a map counts once per concert using it.
pub const SEATS_KEPT_MAX: u64 = 20_000_000;
/// Characters of a name, title, label or public seat id.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// Seats and places in areas in one claim.
pub const PLACES_PER_CLAIM_MAX: u32 = 20;
/// The largest limit of seats and places for one user that a concert may set.
pub const SEATS_PER_USER_MAX: u32 = 1_000;
/// The longest hold that a concert may set, before its one extension.
pub const HOLD_SECONDS_MAX: u32 = 24 * 60 * 60;
/// The shortest hold that a concert may set.
pub const HOLD_SECONDS_MIN: u32 = 5;
/// The highest price of a seat, in minor units: what the packed record has room for.
pub const PRICE_MINOR_MAX: u32 = u32::MAX;
/// Characters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 255;
/// Bytes of a payment's reference: what the packed record has room for.
pub const PAYMENT_REFERENCE_BYTES_MAX: usize = 255;
/// Milliseconds until a hold is forgiven that was given back or that ended by itself: those that are
/// not forgiven yet count against what a user may hold anew (`lua/changes.lua`).
pub const GIVEN_BACK_MS: u64 = 30_000;
/// How long an ended hold is remembered, so that its key still finds it.
pub const RETENTION_MS: u64 = 60 * 60 * 1000;

/// Bytes of a request body.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// Seconds that a body may take to arrive, and one more for each MiB that such a request may have.
pub const BODY_SECONDS_MAX: u64 = 5;
/// Seconds a request may take before the caller is answered 503; its work still runs to its end.
pub const REQUEST_SECONDS_MAX: u64 = 15;
/// Seconds that `Prefer: wait` may ask for.
pub const WAIT_SECONDS_MAX: u64 = 10;
/// Characters of a sentence about what is wrong, which may show what was sent.
pub const SHOWN_CHARACTERS_MAX: usize = 400;
/// Characters of what is searched for.
pub const SEARCH_CHARACTERS_MAX: usize = 100;
/// Items on one page of a list.
pub const PAGE_ITEMS_MAX: u32 = 50;

/// Bytes of an email address: what SMTP can carry.
pub const EMAIL_BYTES_MAX: usize = 254;
/// The shortest password, in bytes.
pub const PASSWORD_BYTES_MIN: usize = 12;
/// The longest password, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Passwords that a process hashes at once, if it has so many cores that this is a quarter of them.
pub const PASSWORDS_AT_ONCE_MAX: usize = 4;
/// Passwords that wait to be hashed before whoever signs in is answered 503.
pub const PASSWORDS_WAITING_MAX: usize = 64;
/// Sessions that one user may have; for another, their oldest ends.
pub const SESSIONS_PER_USER_MAX: u32 = 50;
/// Days that a guest's recovery code lives: longer than between the sale of a ticket and its concert.
pub const RECOVERY_DAYS: u32 = 400;
/// Rows that one round of cleaning up takes up.
pub const ROWS_PER_CLEANING_MAX: u32 = 500;
/// Guests' sessions that are kept in PostgreSQL in one transaction.
pub const SESSIONS_PER_KEEPING_MAX: usize = 500;
/// Sessions that a process remembers for a second: more than can ask for anything in that time.
pub const SESSIONS_AT_HAND_MAX: u64 = 200_000;
/// Service keys that one organiser may have.
pub const SERVICE_KEYS_PER_ORGANISER_MAX: u32 = 20;
/// Look-ups in PostgreSQL at once, in one process, of secrets that Redis does not know.
pub const LOOKUPS_AT_ONCE_MAX: usize = 4;

/// Commands in one script call.
pub const COMMANDS_PER_BATCH_MAX: usize = 32;
/// Commands of one verb that may wait for one concert: what Redis does in about a tenth of a second.
pub const COMMANDS_WAITING_MAX: usize = 8_192;
/// Log entries that the writer applies in one transaction.
pub const ENTRIES_PER_APPLY_MAX: usize = 1_000;
/// Conflicts that one round of compensation takes up.
pub const CONFLICTS_PER_ROUND_MAX: u32 = 500;
/// Changed concerts that may wait for a slow subscriber before it is told that all may have changed.
pub const CHANGES_WAITING_MAX: usize = 1_024;
/// Seats of the concerts that a process follows in memory: some 30 bytes each.
pub const SEATS_IN_VIEW_MAX: u64 = 4_000_000;
/// Log entries that the view reads of a partition at a time.
pub const ENTRIES_PER_READ_MAX: usize = 1_000;
/// Concerts, and wishes for the best seats of each, that are remembered as not to be granted just now.
pub const WISHES_REMEMBERED_MAX: usize = 256;
/// Changes to seats that may wait for a slow reader of a concert's view before it has to begin again.
pub const VIEW_CHANGES_WAITING_MAX: usize = 1_024;
/// Log entries that may wait for PostgreSQL before new holds are refused.
pub const BACKLOG_ENTRIES_MAX: usize = 1_000_000;
/// Bytes that one log entry may take in Redis: its packed form plus the stream's overhead.
pub const LOG_ENTRY_BYTES_MAX: usize = 512;
/// Bytes that a partition's waiting entries may take.
pub const BACKLOG_BYTES_MAX: usize = 512 * 1024 * 1024;
/// Reservations that one sweep ends.
pub const SWEEP_MAX: usize = 500;
/// Reservations that one script call loads.
pub const RECORDS_PER_LOAD_MAX: u32 = 500;
/// Blocked seats that one script call loads: Lua hands over no more than some thousands of values.
pub const SEATS_PER_LOAD_MAX: usize = 1_000;
/// Seats, reservations and users that an audit looks at in one moment.
pub const SUSPECTS_PER_LOOK_MAX: usize = 50;
/// Suspects of one concert that an audit looks at before it says that there are too many.
pub const SUSPECTS_MAX: usize = 10_000;
/// Problems of one concert that an audit names before it only counts them.
pub const PROBLEMS_NAMED_MAX: usize = 1_000;
/// Reservations and concerts that an audit reads at a time.
pub const ROWS_PER_AUDIT_PAGE: u32 = 500;
/// Seats that an organiser can block or unblock in one request.
pub const SEATS_PER_BLOCK_MAX: usize = 10_000;
/// Reservations that one script call prolongs.
pub const PROLONG_MAX: usize = 500;
/// Seconds for which an organiser can prolong all holds at once; again and again, if need be.
pub const PROLONG_SECONDS_MAX: u32 = 60 * 60;
/// Characters of an organiser's reason.
pub const REASON_CHARACTERS_MAX: usize = 500;
/// Bytes of a request that names seats to block.
pub const BLOCK_BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a concert that comes through HTTP: room for a price in each of its categories.
pub const CONCERT_BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a seat map that comes through HTTP: three stadiums. Larger ones are imported as files.
pub const SEAT_MAP_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Seat maps that one process takes through HTTP at a time, because each needs some times its size.
pub const SEAT_MAP_IMPORTS_MAX: usize = 2;
/// Seconds that a seat map may take to arrive and to be imported.
pub const SEAT_MAP_SECONDS_MAX: u64 = 120;
/// Hours or days that a concert's figures tell of, the last ones.
pub const SALES_PERIODS_MAX: u32 = 10_000;

const _: () = {
    assert!(PLACES_PER_CLAIM_MAX <= SEATS_PER_USER_MAX);
    assert!(HOLD_SECONDS_MIN <= HOLD_SECONDS_MAX);
    assert!(BACKLOG_ENTRIES_MAX * LOG_ENTRY_BYTES_MAX <= BACKLOG_BYTES_MAX);
    assert!(WAIT_SECONDS_MAX < REQUEST_SECONDS_MAX);
    assert!(BODY_SECONDS_MAX < REQUEST_SECONDS_MAX);
    assert!(SEATS_IN_VIEW_MAX >= SEATS_PER_MAP_MAX as u64);
};
