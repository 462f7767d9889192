use frontrow::domain::role::Role;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::fixture::{Organised, done, refused};
use crate::support::house::seat_ids;
use crate::support::problem::problem;

async fn counts(house: &Organised) -> Value {
    let path = format!("/v1/concerts/{}/availability", house.concert);
    house.organiser.get(&path).await["counts"].clone()
}

#[tokio::test]
async fn seats_are_kept_back_before_the_sale_and_given_to_it_later() {
    let in_an_hour = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + 1.hour();
    let house = Organised::with(2, 5, |terms| {
        terms["sale"] = json!({ "opens_at": in_an_hour.to_string() });
    })
    .await;
    let seats = json!({ "seats": ["1-1", "1-2", "2-5"] });
    let blocked = done(&house.organiser, &house.at("seats/block"), &seats).await;
    assert_eq!(blocked, json!({ "changed": 3, "unavailable": [] }));
    let again = done(&house.organiser, &house.at("seats/block"), &seats).await;
    assert_eq!(again["changed"], 0);
    let expected = json!({ "available": 7, "held": 0, "sold": 0, "blocked": 3 });
    assert_eq!(counts(&house).await, expected);
    house.change_sale(json!({ "opens_at": "2020-01-01T00:00:00Z" })).await;
    let buyer = house.buyer().await;
    let taken = buyer.reserve(&house.concert, "k", &["1-2", "1-3"]).await;
    assert_eq!(problem(taken, 409, "seats-unavailable").await["conflicts"], json!(["1-2"]));
    let some = json!({ "seats": ["1-2", "1-3"] });
    let unblocked = done(&house.organiser, &house.at("seats/unblock"), &some).await;
    assert_eq!(unblocked, json!({ "changed": 1, "unavailable": [] }));
    assert_eq!(buyer.reserve(&house.concert, "k2", &["1-2", "1-3"]).await.status(), 201);
}

#[tokio::test]
async fn what_is_held_or_sold_is_named_or_skipped() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    house.hold(&buyer, &["1-1"]).await;
    house.sell(&buyer, &["1-2"]).await;
    let seats = json!({ "seats": ["1-1", "1-2", "1-3"] });
    let path = house.at("seats/block");
    let problem = refused(&house.organiser, &path, &seats, 409, "seats-unavailable").await;
    assert_eq!(problem["conflicts"], json!(["1-1", "1-2"]));
    assert_eq!(counts(&house).await["blocked"], 0);
    let seats = json!({ "seats": ["1-1", "1-2", "1-3"], "skip_unavailable": true });
    let blocked = done(&house.organiser, &path, &seats).await;
    assert_eq!(blocked, json!({ "changed": 1, "unavailable": ["1-1", "1-2"] }));
    let changes = house.organiser.get(&house.at("changes")).await;
    let told =
        |index: usize| (&changes["items"][index]["action"], &changes["items"][index]["outcome"]);
    let outcome = json!({ "changed": 1, "left": ["1-1", "1-2"] });
    assert_eq!(told(0), (&json!("block_seats"), &outcome));
    assert_eq!(told(1), (&json!("block_seats"), &json!({ "refused": "seats are taken" })));
}

#[tokio::test]
async fn five_thousand_seats_are_blocked_in_one_request() {
    let house = Organised::with(60, 100, |_| {}).await;
    let seats = seat_ids(60, 100);
    let body = json!({ "seats": &seats[..5_000] });
    let begun = std::time::Instant::now();
    let blocked = done(&house.organiser, &house.at("seats/block"), &body).await;
    println!("5,000 seats blocked over HTTP in {:?}", begun.elapsed());
    assert_eq!(blocked["changed"], 5_000);
    let expected = json!({ "available": 1_000, "held": 0, "sold": 0, "blocked": 5_000 });
    assert_eq!(counts(&house).await, expected);
    let begun = std::time::Instant::now();
    let unblocked = done(&house.organiser, &house.at("seats/unblock"), &body).await;
    println!("5,000 seats unblocked over HTTP in {:?}", begun.elapsed());
    assert_eq!(unblocked["changed"], 5_000);
}

#[tokio::test]
async fn a_list_of_seats_that_is_wrong_changes_nothing() {
    let house = Organised::open().await;
    let too_many: Vec<_> = (0..10_001).map(|number| number.to_string()).collect();
    for (seats, status, slug) in [
        (json!([]), 422, "no-seats"),
        (json!(too_many), 422, "too-many-seats"),
        (json!(["1-1", "9-9"]), 422, "unknown-seat"),
        (json!(["1-1", "1-1"]), 422, "duplicate-seat"),
        (json!("1-1"), 400, "invalid-request"),
    ] {
        for verb in ["block", "unblock"] {
            let path = house.at(&format!("seats/{verb}"));
            let body = json!({ "seats": seats });
            let problem = refused(&house.organiser, &path, &body, status, slug).await;
            assert!(problem["errors"][0]["pointer"].is_string(), "{problem}");
        }
    }
    let huge = json!({ "seats": ["x".repeat(1_100_000)] });
    let path = house.at("seats/block");
    refused(&house.organiser, &path, &huge, 413, "body-too-large").await;
    assert_eq!(counts(&house).await["available"], 40);
}

#[tokio::test]
async fn an_administrator_does_it_at_anybodys_concert() {
    let house = Organised::open().await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let blocked = done(&admin, &house.at("seats/block"), &json!({ "seats": ["1-1"] })).await;
    assert_eq!(blocked["changed"], 1);
    assert_eq!(counts(&house).await["blocked"], 1);
}
