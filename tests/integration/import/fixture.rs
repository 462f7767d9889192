//! A database, and files to import into it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use frontrow::catalogue::import::{import_bytes, import_file};
use sqlx::PgPool;

use crate::support;

/// A migrated database of the test's own.
pub async fn pool() -> PgPool {
    PgPool::connect(&support::database().await).await.unwrap()
}

/// Imports a text as `FILE`; the report or the refusal, in words.
pub async fn import(pool: &PgPool, text: &str) -> Result<String, String> {
    let report = import_bytes(pool, "FILE", text.into()).await;
    report.map(|report| report.to_string()).map_err(|error| error.to_string())
}

/// Imports a file that comes with the project.
pub async fn import_example(pool: &PgPool, name: &str) -> String {
    let report = import_file(pool, &example(name)).await;
    report.unwrap().to_string()
}

/// Where an example is.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// What a script beside the examples prints; it is run once, for all tests that ask.
pub fn printed(script: &'static str, argument: &'static str) -> Vec<u8> {
    type Printed = BTreeMap<(&'static str, &'static str), Vec<u8>>;
    static PRINTED: Mutex<Printed> = Mutex::new(BTreeMap::new());
    let mut printed = PRINTED.lock().unwrap_or_else(PoisonError::into_inner);
    let print = || {
        let output = Command::new("python3").arg(example(script)).arg(argument).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    printed.entry((script, argument)).or_insert_with(print).clone()
}

/// A house with one row of `seats` seats in each of `sections` sections, half a category each.
pub fn house(name: &str, sections: usize, seats: usize) -> String {
    let seat = |section: usize, seat: usize| {
        let category = if seat.is_multiple_of(2) { "Stalls" } else { "Box" };
        serde_json::json!({
            "seat_guid": format!("{section}-{seat}"), "seat_number": seat.to_string(),
            "position": {"x": seat, "y": 0}, "category": category,
        })
    };
    let zone = |section: usize| {
        let seats: Vec<_> = (1..=seats).map(|number| seat(section, number)).collect();
        serde_json::json!({
            "name": format!("Section {section}"), "position": {"x": 10, "y": section * 30},
            "rows": [{"row_number": "A", "position": {"x": 0, "y": 0}, "seats": seats}],
        })
    };
    let zones: Vec<_> = (1..=sections).map(zone).collect();
    let plan = serde_json::json!({
        "name": name, "size": {"width": 500, "height": 500}, "zones": zones,
        "categories": [{"name": "Stalls", "color": "#aa0000"}, {"name": "Box"}],
    });
    plan.to_string()
}

/// A file of concerts at the house named `Hall`, one for each slug.
pub fn season(slugs: &[&str]) -> String {
    let concert = |slug: &&str| {
        serde_json::json!({
            "slug": slug, "title": "A Night", "artist": "The Paper Lanterns",
            "venue": {"name": "Hall", "city": "Paris", "time_zone": "Europe/Paris"},
            "seat_map": "Hall", "starts_at": "2028-03-05T20:00[Europe/Paris]",
            "sale": {"opens_at": "2026-11-01T10:00:00+01:00"},
            "currency": "EUR", "prices": {"Stalls": 4500, "Box": 9000},
        })
    };
    let concerts: Vec<_> = slugs.iter().map(concert).collect();
    serde_json::json!({ "concerts": concerts }).to_string()
}

/// How many rows a table has.
pub async fn count(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}
