//! What the measurements share: private stores, a stadium with a concert in it, and how figures
//! are printed.

#![allow(dead_code, reason = "every measurement uses another part of it")]

pub mod cpu;
pub mod process;
pub mod wire;

use std::time::{Duration, Instant};

use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::ConcertId;
use frontrow::domain::limits::PARTITIONS;
use frontrow::embedded::DevStack;
use frontrow::ledger::{self, ConnectionOptions, PgPool};
use serde_json::{Value, json};
use tempfile::TempDir;

const ROWS: u32 = 900;
/// Seats of each of its rows.
pub const ROW_SEATS: u32 = 100;
/// Seats of the stadium.
pub const SEATS: u32 = ROWS * ROW_SEATS;
/// How long its holds last: long enough that all seats are held before the first hold ends.
pub const HOLD_SECONDS: u32 = 20;

/// Durable servers as `frontrow dev` has them, and a connection to a migrated database.
pub async fn stores() -> (TempDir, DevStack, PgPool) {
    let dir = tempfile::tempdir().unwrap();
    let stack = DevStack::start(dir.path()).await.unwrap();
    let url = stack.database_url();
    let pool = ledger::connect(&url, &ConnectionOptions::default()).await.unwrap();
    ledger::migrate(&pool).await.unwrap();
    ledger::partitions::ensure(&pool, PARTITIONS).await.unwrap();
    (dir, stack, pool)
}

/// Imports the stadium and a concert in it.
pub async fn import(pool: &PgPool) -> ConcertId {
    let plan = plan().to_string().into_bytes();
    let started = Instant::now();
    import_bytes(pool, "stadium.json", plan).await.unwrap();
    print("import of 90,000 seats", started.elapsed());
    let concert = json!({"concerts": [{
        "slug": "final", "title": "The final", "artist": "Everybody", "seat_map": "Stadium",
        "venue": {"name": "Stadium", "city": "London", "time_zone": "Europe/London"},
        "starts_at": "2099-06-01T19:00:00Z", "sale": {"opens_at": "2020-01-01T00:00:00Z"},
        "currency": "GBP", "prices": {"Seat": 5_000}, "hold_seconds": HOLD_SECONDS,
    }]});
    import_bytes(pool, "final.json", concert.to_string().into_bytes()).await.unwrap();
    ConcertId::from_slug("final")
}

/// Further concerts in the stadium, with every term as shipped.
pub async fn further_concerts(pool: &PgPool, count: usize) -> Vec<ConcertId> {
    let mut ids = Vec::new();
    for number in 0..count {
        let slug = format!("night-{number}");
        let concert = json!({"concerts": [{
            "slug": slug, "title": "A night", "artist": "Everybody", "seat_map": "Stadium",
            "venue": {"name": "Stadium", "city": "London", "time_zone": "Europe/London"},
            "starts_at": "2099-06-01T19:00:00Z", "sale": {"opens_at": "2020-01-01T00:00:00Z"},
            "currency": "GBP", "prices": {"Seat": 5_000},
        }]});
        import_bytes(pool, "night.json", concert.to_string().into_bytes()).await.unwrap();
        ids.push(ConcertId::from_slug(&slug));
    }
    ids
}

fn plan() -> Value {
    let position = |x: u32, y: u32| json!({"x": x, "y": y});
    let row = |row: u32| {
        let seat = |seat: u32| {
            json!({"seat_guid": format!("{row}-{seat}"), "seat_number": seat.to_string(),
                "position": position(seat, 0), "category": "Seat"})
        };
        let seats: Vec<_> = (1..=ROW_SEATS).map(seat).collect();
        json!({"row_number": row.to_string(), "position": position(0, row), "seats": seats})
    };
    let zone = |zone: u32| {
        let rows: Vec<_> = (zone * 20 + 1..=zone * 20 + 20).map(row).collect();
        json!({"name": format!("Block {zone}"), "position": position(0, 0), "rows": rows})
    };
    let zones: Vec<_> = (0..ROWS / 20).map(zone).collect();
    json!({"name": "Stadium", "size": {"width": 1_000, "height": 1_000},
        "categories": [{"name": "Seat", "color": "#446688"}], "zones": zones})
}

/// Prints how long something took.
pub fn print(what: &str, time: Duration) {
    println!("{what:52} {:>10.2} ms", time.as_secs_f64() * 1_000.0);
}

/// Prints how many of something there were in a second.
pub fn print_rate(what: &str, count: usize, time: Duration) {
    println!("{what:52} {:>10.0} /s", count as f64 / time.as_secs_f64());
}
