//! A small house with a concert in it, as import files.

use std::fmt::Write;

use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::ConcertId;
use frontrow::ledger::PgPool;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

/// What every seat of the house costs.
pub const PRICE_MINOR: u32 = 4_500;

/// A concert's terms, as its import file says them. Change what the test is about.
pub fn terms(slug: &str) -> Value {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    json!({
        "slug": slug,
        "title": "An evening",
        "artist": "The Somebodies",
        "venue": {"name": "The House", "city": "Paris", "time_zone": "Europe/Paris"},
        "seat_map": "The House",
        "starts_at": (now + 2400.hours()).to_string(),
        "sale": {"opens_at": (now - 1.hour()).to_string()},
        "currency": "EUR",
        "prices": {"Seat": PRICE_MINOR},
        "hold_seconds": 60,
        "max_seats_per_user": 8,
    })
}

/// Imports a house of `rows` rows of `row_seats` seats each, with a concert on these terms. Seats
/// are called `1-1`, `1-2`, … by row and seat.
pub async fn import(pool: &PgPool, rows: u32, row_seats: u32, terms: &Value) -> ConcertId {
    import_map(pool, rows, row_seats).await;
    import_concert(pool, terms).await
}

pub async fn import_map(pool: &PgPool, rows: u32, row_seats: u32) {
    let plan = plan(rows, row_seats);
    import_bytes(pool, "house.json", plan.into_bytes()).await.unwrap();
}

pub async fn import_concert(pool: &PgPool, terms: &Value) -> ConcertId {
    let file = json!({"concerts": [terms]}).to_string();
    import_bytes(pool, "concert.json", file.into_bytes()).await.unwrap();
    ConcertId::from_slug(terms["slug"].as_str().unwrap())
}

/// The public ids of the house's seats, in their order.
pub fn seat_ids(rows: u32, row_seats: u32) -> Vec<String> {
    let row = |row| (1..=row_seats).map(move |seat| format!("{row}-{seat}"));
    (1..=rows).flat_map(row).collect()
}

pub fn plan(rows: u32, row_seats: u32) -> String {
    let mut plan = String::from(
        r##"{"name":"The House","size":{"width":1000,"height":1000},
        "categories":[{"name":"Seat","color":"#446688"}],
        "zones":[{"name":"Stalls","position":{"x":0,"y":0},"rows":["##,
    );
    for row in 1..=rows {
        let comma = if row > 1 { "," } else { "" };
        write!(plan, r#"{comma}{{"row_number":"{row}","position":{{"x":0,"y":{row}}},"seats":["#)
            .unwrap();
        for seat in 1..=row_seats {
            let comma = if seat > 1 { "," } else { "" };
            write!(
                plan,
                r#"{comma}{{"seat_guid":"{row}-{seat}","seat_number":"{seat}",
                "position":{{"x":{seat},"y":0}},"category":"Seat"}}"#
            )
            .unwrap();
        }
        plan.push_str("]}");
    }
    plan.push_str("]}]}");
    plan
}
