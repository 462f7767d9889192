//! A club with a floor to stand on and a few seats, over HTTP.

use frontrow::catalogue::import::import_bytes;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::app::{App, problem};
use crate::support::backend::Backend;
use crate::support::house;

/// A floor for 12, a balcony for 5, and a row of three seats.
fn club() -> Value {
    let seat = |number: u32| {
        json!({"seat_guid": format!("B-{number}"), "seat_number": number.to_string(),
            "position": {"x": number, "y": 0}, "category": "Seat"})
    };
    json!({
        "name": "The House", "size": {"width": 100, "height": 100},
        "categories": [{"name": "Seat", "color": "#446688"}],
        "zones": [
            {"name": "Floor", "position": {"x": 10, "y": 10}, "rows": [], "areas": [
                {"area_guid": "FLOOR", "capacity": 12, "category": "Seat", "text": {"text": "Standing"},
                 "shape": "rectangle", "position": {"x": 0, "y": 0},
                 "rectangle": {"width": 50, "height": 30}},
                {"shape": "text", "text": {"text": "STAGE"}, "position": {"x": 0, "y": -5}},
            ]},
            {"name": "Balcony", "position": {"x": 0, "y": 50}, "rows": [
                {"row_number": "B", "position": {"x": 0, "y": 0},
                 "seats": [seat(1), seat(2), seat(3)]},
            ], "areas": [
                {"area_guid": "RAIL", "name": "By the rail", "capacity": 5, "category": "Seat"},
            ]},
        ],
    })
}

struct Evening {
    app: App,
    backend: Backend,
    concert: String,
}

impl Evening {
    async fn new() -> Self {
        let (app, backend) = App::start().await;
        let plan = club().to_string().into_bytes();
        import_bytes(&backend.pool, "club.json", plan).await.unwrap();
        let concert = house::import_concert(&backend.pool, &house::terms("club")).await;
        Self { app, backend, concert: format!("/v1/concerts/{concert}") }
    }

    async fn get(&self, path: &str) -> Value {
        self.app.get(&format!("{}{path}", self.concert)).await.json().await.unwrap()
    }

    async fn reserve(&self, token: &str, key: &str, claim: Value) -> Response {
        let path = format!("{}/reservations", self.concert);
        let request = self.app.request(Method::POST, &path).bearer_auth(token);
        request.header("Idempotency-Key", key).json(&claim).send().await.unwrap()
    }

    async fn change(&self, token: &str, id: &str, claim: Value) -> Response {
        let path = format!("{}/reservations/{id}/selection", self.concert);
        self.app.request(Method::PUT, &path).bearer_auth(token).json(&claim).send().await.unwrap()
    }
}

#[tokio::test]
async fn places_are_sold_by_quantity_beside_seats_and_end_in_postgresql() {
    let evening = Evening::new().await;
    let token = evening.app.token().await;
    let claim = json!({"seats": ["B-2"], "areas": [{"area": "FLOOR", "quantity": 3}]});
    let held = evening.reserve(&token, "k", claim.clone()).await;
    assert_eq!(held.status(), 201);
    let held: Value = held.json().await.unwrap();
    assert_eq!(held["areas"][0]["quantity"], 3);
    assert_eq!(held["areas"][0]["name"], "Standing");
    assert_eq!(held["total"]["amount"], 4 * house::PRICE_MINOR);
    let again: Value = evening.reserve(&token, "k", claim).await.json().await.unwrap();
    assert_eq!(again["id"], held["id"]);
    let areas = evening.get("/availability").await["areas"].clone();
    assert_eq!(
        areas[0],
        json!({"area": "FLOOR", "counts": {"available": 9, "held": 3, "sold": 0}})
    );

    let id = held["id"].as_str().unwrap();
    let path = format!("{}/reservations/{id}/confirm", evening.concert);
    let confirm = evening.app.request(Method::POST, &path).bearer_auth(&token);
    let confirmed = confirm.header("Prefer", "wait=10").send().await.unwrap();
    assert_eq!(confirmed.status(), 200);
    let sold = sqlx::query_scalar::<_, i32>("SELECT sold FROM area_sales WHERE area = 0");
    assert_eq!(sold.fetch_one(&evening.backend.pool).await.unwrap(), 3);
}

#[tokio::test]
async fn the_map_draws_areas_and_the_list_counts_their_places() {
    let evening = Evening::new().await;
    let map = evening.get("/seat-map").await;
    let outline = json!([[10.0, 10.0], [60.0, 10.0], [60.0, 40.0], [10.0, 40.0]]);
    let floor = json!({"id": "FLOOR", "name": "Standing", "section": 0, "category": 0,
        "capacity": 12, "outline": outline});
    assert_eq!(map["areas"][0], floor);
    assert_eq!(map["areas"][1]["section"], 1);
    assert_eq!(evening.get("").await["capacity"], 20);
    let list: Value = evening.app.get("/v1/concerts").await.json().await.unwrap();
    assert_eq!(list["items"][0]["capacity"], 20);
    let areas = evening.get("/availability").await["areas"].clone();
    assert_eq!(areas[1]["counts"]["available"], 5, "before anything was loaded");
}

#[tokio::test]
async fn a_full_area_says_what_it_has_left() {
    let evening = Evening::new().await;
    let (one, two) = (evening.app.token().await, evening.app.token().await);
    let rail = |quantity: u32| json!({"areas": [{"area": "RAIL", "quantity": quantity}]});
    assert_eq!(evening.reserve(&one, "k", rail(3)).await.status(), 201);
    let refused = evening.reserve(&two, "k", rail(4)).await;
    let body = problem(refused, 409, "seats-unavailable").await;
    assert_eq!(
        (&body["conflicts"], &body["areas"]),
        (&json!([]), &json!([{"area": "RAIL", "left": 2}]))
    );
    assert_eq!(body["detail"], "areas have too few places left", "no seat was asked for");
    assert_eq!(evening.reserve(&two, "k2", rail(2)).await.status(), 201);
}

#[tokio::test]
async fn a_hold_is_changed_in_one_step_and_kept_if_it_cannot_be() {
    let evening = Evening::new().await;
    let (one, two) = (evening.app.token().await, evening.app.token().await);
    let held = evening.reserve(&one, "k", json!({"seats": ["B-1", "B-2"]})).await;
    let held: Value = held.json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    evening.reserve(&two, "k", json!({"seats": ["B-3"]})).await;

    let refused = evening.change(&one, id, json!({"seats": ["B-2", "B-3"]})).await;
    let body = problem(refused, 409, "seats-unavailable").await;
    assert_eq!(body["conflicts"], json!(["B-3"]));
    let mine = evening.app.request(Method::GET, &format!("{}/reservations/{id}", evening.concert));
    let mine: Value = mine.bearer_auth(&one).send().await.unwrap().json().await.unwrap();
    assert_eq!(mine["seats"], held["seats"]);

    let claim = json!({"seats": ["B-2"], "areas": [{"area": "FLOOR", "quantity": 1}]});
    for _ in 0..2 {
        let changed = evening.change(&one, id, claim.clone()).await;
        assert_eq!(changed.status(), 200);
        let changed: Value = changed.json().await.unwrap();
        assert_eq!((&changed["version"], &changed["deadline"]), (&json!(2), &held["deadline"]));
        assert_eq!(changed["seats"][0]["seat"], "B-2");
    }
    assert_eq!(evening.reserve(&two, "k2", json!({"seats": ["B-1"]})).await.status(), 201);
    problem(evening.change(&two, id, claim).await, 404, "no-such-reservation").await;
    problem(evening.change(&one, id, json!({})).await, 422, "no-seats").await;
}

#[tokio::test]
async fn mistakes_about_areas_are_told_where_they_are() {
    let evening = Evening::new().await;
    let token = evening.app.token().await;
    let area = |area: &str, quantity: i64| json!({"area": area, "quantity": quantity});
    for (areas, status, slug, at) in [
        (json!([area("NOWHERE", 1)]), 422, "unknown-area", "#/areas/0/area"),
        (json!([area("RAIL", 1), area("RAIL", 1)]), 422, "duplicate-area", "#/areas/1/area"),
        (json!([area("RAIL", 0)]), 422, "no-seats", "#/areas/0/quantity"),
        (json!([area("FLOOR", 21)]), 422, "too-many-seats", "#/areas"),
        (json!([area("FLOOR", 4_294_967_295)]), 422, "too-many-seats", "#/areas"),
        (json!([area("FLOOR", -1)]), 400, "invalid-request", "#/areas/0/quantity"),
        (json!([{"area": "FLOOR"}]), 400, "invalid-request", "#/areas/0"),
    ] {
        let refused = evening.reserve(&token, "k", json!({ "areas": areas })).await;
        let body = problem(refused, status, slug).await;
        assert_eq!(body["errors"][0]["pointer"], at, "{body}");
    }
}
