//! Whoever is not the organiser can do none of it, by any route that there is.

use std::collections::BTreeSet;

use frontrow::domain::role::Role;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::fixture::Organised;
use crate::support::house::terms;
use crate::support::problem::problem;
use crate::support::service::Person;

/// A route for organisers as the OpenAPI document has it, with everything filled in.
struct Route {
    id: String,
    method: Method,
    path: String,
    body: Option<Value>,
    /// Whether it is about one concert.
    of_concert: bool,
}

/// Every documented route below `/v1/admin`, about a concert, a reservation and a seat map that there
/// are, with a body that would do if its sender could.
fn routes(concert: &str, reservation: &str, seat_map: &str) -> Vec<Route> {
    let document = serde_json::to_value(frontrow::http::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/v1/admin/") {
            continue;
        }
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let body = operation.get("requestBody").map(|_| body(&id));
            routes.push(Route {
                body,
                method: method.to_uppercase().parse().unwrap(),
                path: path
                    .replace("{concert}", concert)
                    .replace("{reservation}", reservation)
                    .replace("{seat_map}", seat_map)
                    .replace("{seat}", "1-1")
                    .replace("{service_key}", concert),
                of_concert: path.contains("{concert}"),
                id,
            });
        }
    }
    assert!(routes.iter().filter(|route| route.of_concert).count() >= 13);
    routes
}

/// A body that would do.
fn body(operation: &str) -> Value {
    match operation {
        "import_seat_map" => serde_json::from_str(&crate::support::house::plan(9, 9)).unwrap(),
        "create_concert" => terms("another"),
        "change_concert" => terms("night"),
        "change_sale" => json!({ "switch": "paused" }),
        "extend_all_holds" => json!({ "seconds": 600 }),
        "block_seats" | "unblock_seats" => json!({ "seats": ["1-1"] }),
        "release_reservation_for" | "cancel_reservation_for" => json!({ "reason": "because" }),
        "create_service_key" => json!({ "name": "a shop" }),
        other => panic!("{other} is a route that this test has no body for"),
    }
}

async fn send(
    client: &Client,
    url: &str,
    person: Option<&Person>,
    route: &Route,
) -> reqwest::Response {
    let request = client.request(route.method.clone(), format!("{url}{}", route.path));
    let request = match person {
        Some(person) => request.bearer_auth(person.token()),
        None => request,
    };
    let request = match &route.body {
        Some(body) => request.json(body),
        None => request,
    };
    request.send().await.unwrap()
}

/// What the concert's organiser sees of it, and how many rows there are of what organisers make.
async fn everything(house: &Organised, reservation: &str) -> Value {
    let get = async |path: &str| house.organiser.get(&house.at(path)).await;
    let rows: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM organiser_changes), (SELECT count(*) FROM seat_maps),
             (SELECT count(*) FROM concerts)",
    )
    .fetch_one(&house.one.pool)
    .await
    .unwrap();
    let hold = get(&format!("reservations/{reservation}")).await;
    let concert = house.organiser.get(&format!("/v1/admin/concerts/{}", house.concert)).await;
    json!([
        get("figures").await,
        get("changes").await,
        hold["state"],
        hold["deadline"],
        concert,
        rows
    ])
}

#[tokio::test]
async fn nobody_but_its_organiser_can_do_anything_with_a_concert() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    let held = house.hold(&buyer, &["1-1"]).await;
    let plan = crate::import::fixture::house("Mine", 1, 4);
    let request = house.organiser.request(Method::POST, "/v1/admin/seat-maps");
    let request = request.header("Content-Type", "application/json").body(plan);
    let map: Value = request.send().await.unwrap().json().await.unwrap();
    let before = everything(&house, &held).await;
    let other = house.one.person_with(&house.client, Role::Organiser).await;
    let (client, url) = (&house.client, &house.one.url);
    let mut walked = BTreeSet::new();
    for route in routes(&house.concert, &held, map["id"].as_str().unwrap()) {
        println!("{} {}", route.method, route.path);
        walked.insert(route.id.clone());
        problem(send(client, url, None, &route).await, 401, "unauthenticated").await;
        problem(send(client, url, Some(&buyer), &route).await, 403, "forbidden").await;
        if route.of_concert {
            let answer = send(client, url, Some(&other), &route).await;
            problem(answer, 404, "no-such-concert").await;
        }
        if route.id == "get_seat_map_version" {
            let answer = send(client, url, Some(&other), &route).await;
            problem(answer, 404, "no-such-seat-map").await;
        }
    }
    for list in ["/v1/admin/concerts", "/v1/admin/seat-maps"] {
        let text = other.get(list).await.to_string();
        let hidden = [house.concert.as_str(), map["id"].as_str().unwrap()];
        assert!(hidden.iter().all(|id| !text.contains(id)), "{text}");
    }
    assert_eq!(everything(&house, &held).await, before);
    for needed in ["block_seats", "change_sale", "get_seat_history", "import_seat_map"] {
        assert!(walked.contains(needed), "{walked:?}");
    }
}

#[tokio::test]
async fn an_administrator_can_do_all_of_it() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    let held = house.hold(&buyer, &["1-2"]).await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let maps = admin.get("/v1/admin/seat-maps").await;
    let map = maps["items"][0]["id"].as_str().unwrap();
    let (client, url) = (&house.client, &house.one.url);
    for route in routes(&house.concert, &held, map) {
        let answer = send(client, url, Some(&admin), &route).await;
        let status = answer.status().as_u16();
        // The one hold can be either released or cancelled, and keys are everybody's own.
        let fits = match route.id.as_str() {
            "cancel_reservation_for" => status == 409,
            "revoke_service_key" => status == 404,
            _ => status < 300,
        };
        assert!(fits, "{} {}: {status} {}", route.method, route.path, answer.text().await.unwrap());
    }
}
