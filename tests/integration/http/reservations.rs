//! From hold to ticket, as a buyer does it.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::app::{App, problem};
use crate::support::backend::Backend;
use crate::support::house;

/// A buyer at a concert in a house of two rows of three seats.
struct Buyer<'app> {
    app: &'app App,
    reservations: String,
    token: String,
}

impl<'app> Buyer<'app> {
    async fn new(app: &'app App, concert: impl std::fmt::Display) -> Self {
        Self {
            app,
            reservations: format!("/v1/concerts/{concert}/reservations"),
            token: app.token().await,
        }
    }

    async fn reserve(&self, key: &str, seats: &[&str]) -> Response {
        let request = self.app.request(Method::POST, &self.reservations);
        let request = request.bearer_auth(&self.token).header("Idempotency-Key", key);
        request.json(&json!({ "seats": seats })).send().await.unwrap()
    }

    async fn hold(&self, key: &str, seats: &[&str]) -> String {
        let held: Value = self.reserve(key, seats).await.json().await.unwrap();
        held["id"].as_str().unwrap().to_owned()
    }

    async fn send(&self, method: Method, path: &str, prefer: Option<&str>) -> Response {
        let request = self.app.request(method, &format!("{}/{path}", self.reservations));
        let mut request = request.bearer_auth(&self.token);
        if let Some(prefer) = prefer {
            request = request.header("Prefer", prefer);
        }
        request.send().await.unwrap()
    }

    async fn verb(&self, id: &str, verb: &str) -> Response {
        self.send(Method::POST, &format!("{id}/{verb}"), None).await
    }
}

async fn concert() -> (App, Backend, String) {
    let (app, backend) = App::start().await;
    let id = house::import(&backend.pool, 2, 3, &house::terms("one")).await;
    (app, backend, id.to_string())
}

#[tokio::test]
async fn seats_are_held_confirmed_and_cancelled() {
    let (app, _backend, concert) = concert().await;
    let buyer = Buyer::new(&app, &concert).await;
    let response = buyer.reserve("k", &["1-2", "1-1"]).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let held: Value = response.json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    assert_eq!(location, format!("{}/{id}", buyer.reservations));
    assert_eq!((&held["state"], &held["cause"]), (&json!("held"), &json!("user")));
    let price = json!({ "amount": house::PRICE_MINOR, "currency": "EUR" });
    let seat = json!({ "seat": "1-1", "section": "Stalls", "row": "1", "label": "1",
        "category": "Seat", "price": price });
    assert_eq!(held["seats"][0], seat);
    assert_eq!(held["total"]["amount"], 2 * house::PRICE_MINOR);
    assert!(held.get("persisted").is_none() && held["confirmed_at"].is_null());

    let wait = buyer.send(Method::POST, &format!("{id}/confirm"), Some("wait=8")).await;
    assert_eq!(wait.status(), 200);
    assert_eq!(wait.headers()["preference-applied"], "wait=8");
    let confirmed: Value = wait.json().await.unwrap();
    assert_eq!((&confirmed["state"], &confirmed["persisted"]), (&json!("confirmed"), &json!(true)));
    let again = buyer.verb(id, "confirm").await;
    assert_eq!(again.status(), 200);
    assert!(!again.headers().contains_key("preference-applied"));
    let released = buyer.send(Method::DELETE, id, None).await;
    problem(released, 409, "already-confirmed").await;
    let cancelled: Value = buyer.verb(id, "cancel").await.json().await.unwrap();
    assert_eq!(cancelled["state"], "cancelled");
    let body = problem(buyer.verb(id, "confirm").await, 409, "already-cancelled").await;
    assert_eq!(body["state"], "cancelled");
}

#[tokio::test]
async fn the_same_key_is_the_same_reservation_and_no_other() {
    let (app, _backend, concert) = concert().await;
    let buyer = Buyer::new(&app, &concert).await;
    let first = buyer.hold("k", &["1-1", "1-2"]).await;
    for key in ["k", "\"k\""] {
        let again = buyer.reserve(key, &["1-2", "1-1"]).await;
        assert_eq!(again.status(), 200);
        assert_eq!(again.headers()["idempotency-replayed"], "true");
        assert!(!again.headers().contains_key("location"));
        let again: Value = again.json().await.unwrap();
        assert_eq!(again["id"], first);
    }
    let other = buyer.reserve("k", &["2-1"]).await;
    problem(other, 422, "idempotency-key-reused").await;
}

#[tokio::test]
async fn taken_seats_are_named_and_nothing_is_held() {
    let (app, _backend, concert) = concert().await;
    let (buyer, other) = (Buyer::new(&app, &concert).await, Buyer::new(&app, &concert).await);
    buyer.hold("k", &["1-2", "1-3"]).await;
    let refused = other.reserve("k", &["1-1", "1-2", "1-3"]).await;
    let body = problem(refused, 409, "seats-unavailable").await;
    assert_eq!(body["conflicts"], json!(["1-2", "1-3"]));
    let mine: Value = other.send(Method::GET, "", None).await.json().await.unwrap_or_default();
    assert!(mine["items"].as_array().is_none_or(Vec::is_empty));
    assert_eq!(other.reserve("k2", &["1-1"]).await.status(), 201);
}

#[tokio::test]
async fn a_hold_is_extended_once_and_released_twice() {
    let (app, _backend, concert) = concert().await;
    let buyer = Buyer::new(&app, &concert).await;
    let id = buyer.hold("k", &["1-1"]).await;
    problem(buyer.verb(&id, "cancel").await, 409, "not-confirmed").await;
    let extended: Value = buyer.verb(&id, "extend").await.json().await.unwrap();
    assert_eq!(extended["extended"], true);
    problem(buyer.verb(&id, "extend").await, 409, "already-extended").await;
    for _ in 0..2 {
        let released: Value = buyer.send(Method::DELETE, &id, None).await.json().await.unwrap();
        assert_eq!(released["state"], "released");
    }
    problem(buyer.verb(&id, "confirm").await, 409, "already-released").await;
}
