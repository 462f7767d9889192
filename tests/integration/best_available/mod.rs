//! The best seats that are free, for parties that name none.

mod alone;
mod claims;
mod crowds;
mod refusals;

use std::collections::BTreeSet;

use frontrow::catalogue::import::import_bytes;
use frontrow::ledger::PgPool;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::house::{import_concert, terms};

/// The ids of the seats in an answer.
fn seats(answer: &Value) -> BTreeSet<String> {
    let seats = answer["seats"].as_array().unwrap().iter();
    seats.map(|seat| seat["seat"].as_str().unwrap().to_owned()).collect()
}

/// The ids of the seats that somebody was given.
async fn given(response: Response) -> Vec<String> {
    let status = response.status();
    let answer: Value = response.json().await.unwrap();
    assert!(status == 200 || status == 201, "{status} {answer}");
    seats(&answer).into_iter().collect()
}

/// A concert in a house of these rows: `#` is a seat, `a` an accessible one, a blank an aisle. Seats
/// are called by row and place in it, the first row and place being 1.
async fn concert(pool: &PgPool, rows: &[&str], change: impl FnOnce(&mut Value)) -> String {
    let seat = |row: usize, place: usize, kind: char| {
        json!({"seat_guid": format!("{row}-{place}"), "seat_number": place.to_string(),
            "position": {"x": 20 * place, "y": 0}, "category": "Seat", "accessible": kind == 'a'})
    };
    let row = |(row, plan): (usize, &&str)| {
        let seats = (1..).zip(plan.chars()).filter(|(_, kind)| *kind != ' ');
        let seats: Vec<_> = seats.map(|(place, kind)| seat(row, place, kind)).collect();
        json!({"row_number": row.to_string(), "position": {"x": 0, "y": 25 * row}, "seats": seats})
    };
    let rows: Vec<_> = (1..).zip(rows).map(row).collect();
    let plan = json!({"name": "The House", "categories": [{"name": "Seat"}],
        "zones": [{"name": "Stalls", "rows": rows}]});
    import_bytes(pool, "house.json", plan.to_string().into_bytes()).await.unwrap();
    let mut terms = terms("night");
    terms["max_seats_per_user"] = json!(100);
    change(&mut terms);
    import_concert(pool, &terms).await.to_string()
}
