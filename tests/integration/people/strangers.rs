//! By no documented route can anybody see or change what is another's.
//!
//! The routes are read from the OpenAPI document, so that one that is added is walked, too.

use std::collections::BTreeSet;

use frontrow::domain::role::Role;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::fixture::{PASSWORD, People, status, until};
use crate::support::house::{plan, terms};
use crate::support::problem::problem;
use crate::support::service::Person;

/// A documented route, about what belongs to the owners.
struct Route {
    id: String,
    method: Method,
    path: String,
    body: Option<Value>,
    /// What it asks callers to show; nothing if anybody may ask.
    shows: Option<&'static str>,
    /// Whether its address has an id of something of the owners'.
    of_owners: bool,
}

/// A buyer and an organiser, with one of everything, and the ids that only they may come across.
struct Owners {
    people: People,
    buyer: Person,
    organiser: Person,
    /// What addresses have in place of a parameter.
    ids: Vec<(&'static str, String)>,
    /// What nobody else may be told.
    private: Vec<String>,
}

impl Owners {
    async fn settle() -> Self {
        let mut people = People::meet().await;
        let organiser = people.one.person_with(&people.client, Role::Organiser).await;
        let created = organiser.request(Method::POST, "/v1/admin/concerts").json(&terms("theirs"));
        let created: Value = created.send().await.unwrap().json().await.unwrap();
        people.concert = created["id"].as_str().unwrap().to_owned();
        let buyer = people.account("ada@example.org").await;
        let sold = people.buy(&buyer, "1-1").await;
        let held: Value =
            buyer.reserve(&people.concert, "held", &["1-2"]).await.json().await.unwrap();
        let held = held["id"].as_str().unwrap().to_owned();
        let key = organiser.request(Method::POST, "/v1/admin/service-keys");
        let key = key.json(&json!({ "name": "their shop" })).send().await.unwrap();
        let key: Value = key.json().await.unwrap();
        let key = key["id"].as_str().unwrap().to_owned();
        let map = "SELECT seat_map_id::text FROM concerts WHERE id = $1::uuid";
        let map = sqlx::query_scalar(map).bind(&people.concert).fetch_one(&people.one.pool).await;
        let ids = vec![
            ("concert", people.concert.clone()),
            ("reservation", held.clone()),
            ("service_key", key.clone()),
            ("seat_map", map.unwrap()),
            ("seat", "1-2".to_owned()),
            ("slug", "not-found".to_owned()),
        ];
        let user = |person: Value| person["user"].as_str().unwrap().to_owned();
        let private = vec![
            held,
            sold,
            key,
            user(buyer.get("/v1/sessions/current").await),
            user(organiser.get("/v1/sessions/current").await),
            "ada@example.org".to_owned(),
            "their shop".to_owned(),
        ];
        Self { people, buyer, organiser, ids, private }
    }

    /// Every documented route, with the owners' ids in its address and a body that would do.
    fn routes(&self) -> Vec<Route> {
        let document = serde_json::to_value(frontrow::http::openapi()).unwrap();
        let mut routes = Vec::new();
        for (template, operations) in document["paths"].as_object().unwrap() {
            let mut path = template.clone();
            for (name, id) in &self.ids {
                path = path.replace(&format!("{{{name}}}"), id);
            }
            assert!(!path.contains('{'), "this test has no id for {template}");
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                let body = operation.get("requestBody").map(|_| body(&id));
                let shows = operation["security"].as_array().and_then(|ways| {
                    let shown = |name: &str| ways.iter().any(|way| way.get(name).is_some());
                    let optional = ways.iter().any(|way| way.as_object().unwrap().is_empty());
                    let names = ["session", "service_key"].into_iter();
                    names.filter(|_| !optional).find(|name| shown(name))
                });
                let of_owners = template.contains("{reservation}")
                    || template.contains("{service_key}")
                    || (template.contains("{concert}") && template.contains("/admin/"));
                let method = method.to_uppercase().parse().unwrap();
                routes.push(Route { id, method, path: path.clone(), body, shows, of_owners });
            }
        }
        assert!(routes.len() > 40, "these are not all");
        routes
    }

    fn request(&self, route: &Route, token: Option<&str>) -> RequestBuilder {
        let url = format!("{}{}", self.people.one.url, route.path);
        let mut request = self.people.client.request(route.method.clone(), url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request = request.header("Idempotency-Key", "walking");
        match &route.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// All that the owners see of what is theirs, but for the time of looking.
    async fn what_they_see(&self) -> Vec<Value> {
        let concert = &self.people.concert;
        let mut seen = Vec::new();
        for (person, path) in [
            (&self.buyer, "/v1/me".to_owned()),
            (&self.buyer, "/v1/me/reservations".to_owned()),
            (&self.buyer, format!("/v1/concerts/{concert}/reservations")),
            (&self.organiser, "/v1/me".to_owned()),
            (&self.organiser, "/v1/admin/service-keys".to_owned()),
            (&self.organiser, format!("/v1/admin/concerts/{concert}/changes")),
        ] {
            let mut value = person.get(&path).await;
            for item in value["items"].as_array_mut().into_iter().flatten() {
                item.as_object_mut().unwrap().remove("now");
            }
            seen.push(value);
        }
        let concert = "SELECT to_jsonb(c) FROM concerts AS c WHERE id = $1::uuid";
        let concert = sqlx::query_scalar(concert).bind(&self.people.concert);
        seen.push(concert.fetch_one(&self.people.one.pool).await.unwrap());
        seen
    }

    /// The same, once the ledger has what they bought.
    async fn what_they_have(&self) -> Vec<Value> {
        until("the purchase is listed", async || {
            let list = self.buyer.get("/v1/me/reservations").await;
            list["items"].as_array().unwrap().len() == 1
        })
        .await;
        self.what_they_see().await
    }

    /// That an answer tells nothing that is only the owners'.
    async fn tells_nothing(&self, route: &Route, answer: Response) -> u16 {
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        for private in &self.private {
            // What a caller asked for, they know.
            let is_asked = route.path.contains(private.as_str());
            assert!(is_asked || !text.contains(private), "{}: {private} in {text}", route.id);
        }
        assert!(status < 500, "{}: {text}", route.id);
        status
    }
}

/// A body that would do, if its sender could.
fn body(operation: &str) -> Value {
    let account = json!({ "email": "eve@example.org", "password": PASSWORD });
    match operation {
        "reserve_seats" | "change_reservation" => json!({ "seats": ["2-1"] }),
        "create_user" => account,
        "create_session" => json!({}),
        "change_password" => {
            json!({ "current_password": PASSWORD, "new_password": "incorrect donkey dynamo" })
        }
        "pay_reservation" => json!({
            "payment_reference": "p", "amount": { "amount": 4_500, "currency": "EUR" },
        }),
        "import_seat_map" => serde_json::from_str(&plan(9, 9)).unwrap(),
        "create_concert" => terms("another"),
        "change_concert" => terms("theirs"),
        "change_sale" => json!({ "switch": "paused" }),
        "extend_all_holds" => json!({ "seconds": 600 }),
        "block_seats" | "unblock_seats" => json!({ "seats": ["2-2"] }),
        "release_reservation_for" | "cancel_reservation_for" => json!({ "reason": "because" }),
        "create_service_key" => json!({ "name": "a shop" }),
        other => panic!("{other} is a route that this test has no body for"),
    }
}

#[tokio::test]
async fn without_a_session_and_with_a_bad_one_only_what_is_everybodys_is_answered() {
    let owners = Owners::settle().await;
    let before = owners.what_they_have().await;
    let ended = owners.people.guest().await;
    let end = ended.request(Method::DELETE, "/v1/sessions/current").send().await.unwrap();
    assert_eq!(end.status(), 204);
    let unknown = "A".repeat(43);
    let bad = [None, Some("nonsense"), Some(unknown.as_str()), Some(ended.token())];
    for route in owners.routes() {
        for token in bad {
            let answer = owners.request(&route, token).send().await.unwrap();
            // Ending a session that has ended, or never was, is the same answer again.
            let is_end = route.id == "end_session" && token.is_some_and(|token| token.len() == 43);
            if route.shows.is_some() && !is_end {
                println!("{} {token:?}", route.id);
                problem(answer, 401, "unauthenticated").await;
            } else {
                owners.tells_nothing(&route, answer).await;
            }
        }
    }
    assert_eq!(owners.what_they_see().await, before);
}

#[tokio::test]
async fn a_stranger_finds_nothing_of_anothers_and_changes_nothing() {
    let owners = Owners::settle().await;
    let before = owners.what_they_have().await;
    let mut walked = BTreeSet::new();
    for route in owners.routes() {
        // Each as somebody new: some of these end the session that they come with.
        let stranger = owners.people.guest().await;
        let answer = owners.request(&route, Some(stranger.token())).send().await.unwrap();
        let status = owners.tells_nothing(&route, answer).await;
        let expected: &[u16] = match route.shows {
            Some("service_key") => &[401],
            _ if route.path.starts_with("/v1/admin/") => &[403],
            _ if route.of_owners => &[404],
            _ => &[200, 201, 204, 404, 409],
        };
        assert!(expected.contains(&status), "{}: {status}", route.id);
        walked.insert(route.id);
    }
    assert!(walked.contains("confirm_reservation") && walked.contains("end_all_sessions"));
    assert_eq!(owners.what_they_see().await, before);
    assert_eq!((status(&owners.buyer).await, status(&owners.organiser).await), (200, 200));
}

#[tokio::test]
async fn another_organiser_and_their_server_are_strangers_too() {
    let owners = Owners::settle().await;
    let before = owners.what_they_have().await;
    let key = async || {
        let other = owners.people.one.person_with(&owners.people.client, Role::Organiser).await;
        let key = other.request(Method::POST, "/v1/admin/service-keys");
        let key = key.json(&json!({ "name": "a shop" })).send().await.unwrap();
        let key: Value = key.json().await.unwrap();
        (other, key["secret"].as_str().unwrap().to_owned())
    };
    for route in owners.routes() {
        let (other, secret) = key().await;
        let token = if route.shows == Some("service_key") { &secret } else { other.token() };
        let answer = owners.request(&route, Some(token)).send().await.unwrap();
        let status = owners.tells_nothing(&route, answer).await;
        if route.of_owners {
            assert_eq!(status, 404, "{}", route.id);
        }
    }
    assert_eq!(owners.what_they_see().await, before);
}
