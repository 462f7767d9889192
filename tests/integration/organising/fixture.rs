//! An organiser with a concert of theirs.

use std::time::Duration;

use frontrow::domain::ids::UserId;
use frontrow::domain::role::Role;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::house::{import_map, terms};
use crate::support::problem::problem;
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

/// Two instances on the same stores, and an organiser with a concert in a house of four rows of ten
/// seats, which is on sale.
pub struct Organised {
    pub one: Service,
    pub other: Service,
    pub client: Client,
    pub organiser: Person,
    pub concert: String,
}

impl Organised {
    pub async fn open() -> Self {
        Self::with(4, 10, |_| {}).await
    }

    /// The same with a house and terms of the test's own.
    pub async fn with(rows: u32, row_seats: u32, change: impl FnOnce(&mut Value)) -> Self {
        let (redis, database) = (redis_db().await, database().await);
        let (one, other) =
            tokio::join!(Service::on(&redis, &database), Service::on(&redis, &database));
        let client = Client::new();
        let organiser = one.person_with(&client, Role::Organiser).await;
        import_map(&one.pool, rows, row_seats).await;
        let mut terms = terms("night");
        terms["hold_seconds"] = json!(600);
        change(&mut terms);
        let created = post(&organiser, "/v1/admin/concerts", &terms).await;
        assert_eq!(created.status(), 201);
        let created: Value = created.json().await.unwrap();
        let concert = created["id"].as_str().unwrap().to_owned();
        Self { one, other, client, organiser, concert }
    }

    /// Somebody new, as a client of the first instance.
    pub async fn buyer(&self) -> Person {
        self.one.person(&self.client).await
    }

    /// An address about the concert.
    pub fn at(&self, path: &str) -> String {
        format!("/v1/admin/concerts/{}/{path}", self.concert)
    }

    /// Changes the sale; the answer says that it is in force.
    pub async fn change_sale(&self, patch: Value) -> Value {
        let request = self.organiser.request(Method::PATCH, &self.at("sale")).json(&patch);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["in_force"], true);
        answer
    }

    /// A hold that must succeed.
    pub async fn hold(&self, buyer: &Person, seats: &[&str]) -> String {
        let held = buyer.reserve(&self.concert, &seats.join("+"), seats).await;
        assert_eq!(held.status(), 201);
        let held: Value = held.json().await.unwrap();
        held["id"].as_str().unwrap().to_owned()
    }

    /// A sale that PostgreSQL has.
    pub async fn sell(&self, buyer: &Person, seats: &[&str]) -> String {
        let id = self.hold(buyer, seats).await;
        let path = format!("/v1/concerts/{}/reservations/{id}/confirm", self.concert);
        let request = buyer.request(Method::POST, &path).header("Prefer", "wait=9");
        assert_eq!(request.send().await.unwrap().status(), 200);
        id
    }

    /// Looks at a list of the organiser's until it has so many items.
    pub async fn until_items(&self, path: &str, count: usize) -> Vec<Value> {
        let mut items = Vec::new();
        for _ in 0..400 {
            let list = self.organiser.get(path).await;
            items = list["items"].as_array().unwrap().clone();
            if items.len() >= count {
                return items;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{path} had no {count} items within ten seconds: {items:#?}");
    }
}

pub async fn post(person: &Person, path: &str, body: &Value) -> Response {
    person.request(Method::POST, path).json(body).send().await.unwrap()
}

/// What a request that must succeed answers.
pub async fn done(person: &Person, path: &str, body: &Value) -> Value {
    let answer = post(person, path, body).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

pub async fn refused(person: &Person, path: &str, body: &Value, status: u16, slug: &str) -> Value {
    problem(post(person, path, body).await, status, slug).await
}

/// Who somebody is.
pub async fn user_of(person: &Person) -> UserId {
    let session = person.get("/v1/sessions/current").await;
    session["user"].as_str().unwrap().parse().unwrap()
}
