//! Who asks.

use reqwest::Method;
use serde_json::{Value, json};

use super::addresses::OF_RESERVATION;
use super::house::House;
use super::mistake;

const UNAUTHENTICATED: (u16, &str) = (401, "unauthenticated");
const NO_RESERVATION: (u16, &str) = (404, "no-such-reservation");

#[tokio::test]
async fn whoever_has_no_session_is_told_so_whatever_they_ask() {
    let house = House::open().await;
    let id = house.hold(&house.concert, "1-1").await;
    let reservations = format!("/v1/concerts/{}/reservations", house.concert);
    let seats = json!({ "seats": ["1-2"] });
    let mut paths = vec![(Method::GET, reservations.clone()), (Method::POST, reservations.clone())];
    let verb = |(method, verb): (Method, &str)| (method, format!("{reservations}/{id}{verb}"));
    paths.extend(OF_RESERVATION.map(verb));
    let ended = format!("Bearer {}", ended_token(&house).await);
    let unknown = format!("Bearer {}", "A".repeat(43));
    let authorizations = [
        (None, "no Authorization: Bearer"),
        (Some("Bearer"), "no Authorization: Bearer"),
        (Some("Basic YTpi"), "no Authorization: Bearer"),
        (Some("Token abc"), "no Authorization: Bearer"),
        (Some("Bearer abc"), "not one of a session"),
        (Some(&unknown), "not one of a session"),
        (Some(&ended), "not one of a session"),
    ];
    let mut mistakes = Vec::new();
    for (method, path) in paths {
        for (authorization, says) in authorizations {
            let request = house.anonymous(method.clone(), &path);
            // All else is right, so that nothing else can be what is wrong.
            let mut request = request.header("Idempotency-Key", "k").json(&seats);
            if let Some(authorization) = authorization {
                request = request.header("Authorization", authorization);
            }
            let what = format!("{method} {path} as {authorization:?}");
            mistakes.push(mistake(what, request, UNAUTHENTICATED, says));
        }
    }
    house.makes(mistakes).await;
}

async fn ended_token(house: &House) -> String {
    let session = house.anonymous(Method::POST, "/v1/sessions").send().await.unwrap();
    let session: Value = session.json().await.unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    let end = house.anonymous(Method::DELETE, "/v1/sessions/current").bearer_auth(&token);
    assert_eq!(end.send().await.unwrap().status(), 204);
    token
}

#[tokio::test]
async fn anothers_reservation_does_not_exist() {
    let house = House::open().await;
    let other_concert = house.concert_with("other", |_| {}).await;
    let held = house.hold(&house.concert, "1-1").await;
    let confirmed = house.hold_that_was(&house.concert, "1-2", &["confirm"]).await;
    let cancelled = house.hold_that_was(&house.concert, "1-3", &["confirm", "cancel"]).await;
    let released = house.released(&house.concert, "1-4").await;
    let stranger = house.service.person(&house.client).await;
    let mut mistakes = Vec::new();
    for id in [&held, &confirmed, &cancelled, &released] {
        for (method, verb) in OF_RESERVATION {
            let path = format!("/v1/concerts/{}/reservations/{id}{verb}", house.concert);
            let request = stranger.request(method.clone(), &path);
            let what = format!("a stranger's {method} {path}");
            mistakes.push(mistake(what, request, NO_RESERVATION, "no such reservation"));
            // One's own, but at another concert.
            let path = format!("/v1/concerts/{other_concert}/reservations/{id}{verb}");
            let request = house.buyer.request(method.clone(), &path);
            let what = format!("at another concert {method} {path}");
            mistakes.push(mistake(what, request, NO_RESERVATION, "no such reservation"));
        }
    }
    house.makes(mistakes).await;
    let path = format!("/v1/concerts/{}/reservations", house.concert);
    assert_eq!(stranger.get(&path).await["items"], json!([]));
    assert_eq!(house.buyer.get(&path).await["items"].as_array().unwrap().len(), 2);
}
