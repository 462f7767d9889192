use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fixture::{Organised, done, post};
use crate::support::house::terms;

#[tokio::test]
async fn figures_agree_with_the_rows() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    house.sell(&buyer, &["1-1", "1-2"]).await;
    let cancelled = house.sell(&buyer, &["2-1"]).await;
    house.sell(&house.buyer().await, &["3-1", "3-2", "3-3"]).await;
    house.hold(&house.buyer().await, &["4-1"]).await;
    let cancel = house.at(&format!("reservations/{cancelled}/cancel"));
    done(&house.organiser, &cancel, &json!({ "reason": "why not" })).await;
    done(&house.organiser, &house.at("seats/block"), &json!({ "seats": ["4-9", "4-10"] })).await;
    house.until_items(&house.at("reservations?state=cancelled"), 1).await;

    let (tickets, revenue): (i64, i64) = sqlx::query_as(
        "SELECT count(*), sum(price_minor)::bigint FROM reservation_seats WHERE ended_at IS NULL",
    )
    .fetch_one(&house.one.pool)
    .await
    .unwrap();
    assert_eq!((tickets, revenue), (5, 5 * 4_500));
    for by in ["day", "hour"] {
        let figures = house.organiser.get(&house.at(&format!("figures?by={by}"))).await;
        let total = json!({
            "capacity": 40,
            "counts": { "available": 32, "held": 1, "sold": 5, "blocked": 2 },
            "tickets": tickets,
            "revenue": { "amount": revenue, "currency": "EUR" },
        });
        assert_eq!(figures["total"], total);
        let named = |name: &str| {
            let mut part = total.clone();
            part["name"] = json!(name);
            json!([part])
        };
        assert_eq!(figures["sections"], named("Stalls"));
        assert_eq!(figures["categories"], named("Seat"));
        let periods = figures["over_time"].as_array().unwrap();
        let sum = |of: fn(&Value) -> i64| periods.iter().map(of).sum::<i64>();
        assert_eq!(sum(|period| period["tickets"].as_i64().unwrap()), tickets);
        assert_eq!(sum(|period| period["revenue"]["amount"].as_i64().unwrap()), revenue);
        let troubles = ["conflicts", "conflicts_open", "dead_letters"].map(|name| &figures[name]);
        assert_eq!(troubles, [&json!(0); 3]);
    }
    let wrong = house.organiser.request(reqwest::Method::GET, &house.at("figures?by=week"));
    assert_eq!(wrong.send().await.unwrap().status(), 400);
}

/// A house with a row of seats, and an area of the same category where people stand.
fn club() -> Value {
    json!({
        "name": "Club", "size": {"width": 10, "height": 10},
        "categories": [{"name": "Floor"}, {"name": "Box"}],
        "zones": [
            {"name": "Boxes", "rows": [{"row_number": "A", "seats": [
                {"seat_guid": "A-1", "seat_number": "1", "position": {"x": 1, "y": 1}, "category": "Box"},
            ]}]},
            {"name": "Below", "rows": [], "areas": [
                {"area_guid": "pit", "name": "Pit", "category": "Floor", "capacity": 100},
            ]},
        ],
    })
}

#[tokio::test]
async fn places_in_areas_count_where_the_areas_are() {
    let house = Organised::open().await;
    let made = post(&house.organiser, "/v1/admin/seat-maps", &club()).await;
    let status = made.status();
    let made: Value = made.json().await.unwrap();
    assert_eq!(status, 201, "{made:#}");
    let mut night = terms("club-night");
    (night["seat_map"], night["prices"]) = (json!("Club"), json!({ "Floor": 2_000, "Box": 9_000 }));
    let concert = post(&house.organiser, "/v1/admin/concerts", &night).await;
    let concert: Value = concert.json().await.unwrap();
    let concert = concert["id"].as_str().unwrap();
    let buyer = house.buyer().await;
    let path = format!("/v1/concerts/{concert}/reservations");
    let request = buyer.request(reqwest::Method::POST, &path).header("Idempotency-Key", "k");
    let wanted = json!({ "seats": ["A-1"], "areas": [{ "area": "pit", "quantity": 3 }] });
    let held: Value = request.json(&wanted).send().await.unwrap().json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    let confirm = format!("{path}/{id}/confirm");
    let request = buyer.request(reqwest::Method::POST, &confirm).header("Prefer", "wait=9");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let figures = house.organiser.get(&format!("/v1/admin/concerts/{concert}/figures")).await;
    let parts = figures["categories"].as_array().unwrap().iter();
    let parts: BTreeMap<_, _> = parts
        .map(|part| {
            let numbers = [&part["capacity"], &part["counts"]["sold"], &part["tickets"]];
            (part["name"].as_str().unwrap(), json!([numbers, part["revenue"]["amount"]]))
        })
        .collect();
    let expected = [("Box", json!([[1, 1, 1], 9_000])), ("Floor", json!([[100, 3, 3], 6_000]))];
    assert_eq!(parts, BTreeMap::from(expected));
    assert_eq!(figures["total"]["tickets"], 4);
    assert_eq!(figures["over_time"][0]["revenue"]["amount"], 15_000);
    let story = house
        .organiser
        .get(&format!("/v1/admin/concerts/{concert}/reservations/{id}/history"))
        .await;
    assert_eq!(story["items"][1]["areas"], json!([{ "area": "pit", "quantity": 3 }]));
}
