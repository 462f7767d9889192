//! What is on, where, and which seats are free, as anybody sees it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::app::App;
use crate::support::house;

/// Whether browsers may keep an answer for so many seconds.
fn is_shared_for(response: &Response, seconds: u32) -> bool {
    let says = response.headers()["cache-control"].to_str().unwrap();
    says.starts_with(&format!("public, max-age={seconds}, "))
}

#[tokio::test]
async fn a_concert_says_all_that_a_buyer_needs() {
    let (app, backend) = App::start().await;
    let id = house::import(&backend.pool, 2, 3, &house::terms("one")).await;
    let response = app.get(&format!("/v1/concerts/{id}")).await;
    assert!(is_shared_for(&response, 1));
    let concert: Value = response.json().await.unwrap();
    assert_eq!(concert["id"], id.to_string());
    assert_eq!(concert["sale"]["state"], "open");
    assert_eq!(concert["venue"]["time_zone"], "Europe/Paris");
    let price = json!({ "amount": house::PRICE_MINOR, "currency": "EUR" });
    let category = json!({ "name": "Seat", "color": "#446688", "price": price });
    assert_eq!(concert["categories"], json!([category]));
    assert_eq!(concert["capacity"], 6);
    assert_eq!(concert["max_seats_per_reservation"], 20);
}

#[tokio::test]
async fn concerts_are_listed_page_by_page_without_gap_or_repetition() {
    let (app, backend) = App::start().await;
    house::import_map(&backend.pool, 1, 1).await;
    for number in 0..5 {
        house::import_concert(&backend.pool, &house::terms(&format!("c-{number}"))).await;
    }
    let (mut path, mut slugs) = ("/v1/concerts?limit=2".to_owned(), Vec::new());
    loop {
        let response = app.get(&path).await;
        let link = response.headers().get("link").cloned();
        let page: Value = response.json().await.unwrap();
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert!(link.is_none());
            break;
        };
        path = format!("/v1/concerts?limit=2&cursor={cursor}");
        assert_eq!(link.unwrap(), format!("<{path}>; rel=\"next\""));
    }
    slugs.sort();
    assert_eq!(slugs, ["c-0", "c-1", "c-2", "c-3", "c-4"]);
}

#[tokio::test]
async fn a_seat_map_is_sent_once() {
    let (app, backend) = App::start().await;
    let id = house::import(&backend.pool, 2, 3, &house::terms("one")).await;
    let path = format!("/v1/concerts/{id}/seat-map");
    let response = app.get(&path).await;
    let headers = response.headers().clone();
    assert!(headers["cache-control"].to_str().unwrap().ends_with("immutable"));
    assert_eq!(headers["content-type"], "application/json");
    let map: Value = response.json().await.unwrap();
    let row = &map["sections"][0]["rows"][1];
    assert_eq!(row["label"], "2");
    assert_eq!(row["ids"], json!(["2-1", "2-2", "2-3"]));
    assert_eq!(row["categories"], json!([0, 0, 0]));
    assert_eq!((&row["x"], &row["y"]), (&json!([1.0, 2.0, 3.0]), &json!([2.0, 2.0, 2.0])));

    let etag = headers["etag"].to_str().unwrap();
    for known in [etag, &format!("\"other\", W/{etag}"), "*"] {
        let request = app.request(Method::GET, &path).header("If-None-Match", known);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 304, "{known}");
        assert_eq!(response.headers()["etag"], etag);
        assert!(response.bytes().await.unwrap().is_empty());
    }
    let request = app.request(Method::GET, &path).header("If-None-Match", "\"other\"");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn availability_counts_what_its_states_say() {
    let (app, backend) = App::start().await;
    let id = house::import(&backend.pool, 2, 3, &house::terms("one")).await;
    let token = app.token().await;
    let request = app.request(Method::POST, &format!("/v1/concerts/{id}/reservations"));
    let request = request.bearer_auth(token).header("Idempotency-Key", "k");
    let held = request.json(&json!({ "seats": ["1-2", "2-3"] })).send().await.unwrap();
    assert_eq!(held.status(), 201);
    let response = app.get(&format!("/v1/concerts/{id}/availability")).await;
    assert!(is_shared_for(&response, 1));
    let seen: Value = response.json().await.unwrap();
    let counts = json!({ "available": 4, "held": 2, "sold": 0, "blocked": 0 });
    assert_eq!(seen["counts"], counts);
    assert_eq!(seen["sections"], json!([{ "section": "Stalls", "counts": counts }]));
    assert_eq!(seen["sale_state"], "open");
    let states = BASE64_STANDARD.decode(seen["states"].as_str().unwrap()).unwrap();
    assert_eq!(states, [0b0001_0000, 0b0001_0000]);
}
