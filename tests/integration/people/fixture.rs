//! Two instances on the same stores, a concert, and words for what people do.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::house::{self, terms};
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

pub const PASSWORD: &str = "correct horse battery";

pub struct People {
    pub one: Service,
    pub other: Service,
    pub client: Client,
    pub concert: String,
    pub redis: MultiplexedConnection,
}

impl People {
    pub async fn meet() -> Self {
        let (redis, database) = (redis_db().await, database().await);
        let (one, other) =
            tokio::join!(Service::on(&redis, &database), Service::on(&redis, &database));
        let concert = house::import(&one.pool, 2, 10, &terms("night")).await.to_string();
        let redis = redis::Client::open(redis).unwrap();
        let redis = redis.get_multiplexed_async_connection().await.unwrap();
        Self { one, other, client: Client::new(), concert, redis }
    }

    /// Somebody new.
    pub async fn guest(&self) -> Person {
        self.one.person(&self.client).await
    }

    /// A session that somebody asks for.
    pub async fn sign_in(&self, body: &Value) -> Response {
        let request = self.client.post(format!("{}/v1/sessions", self.one.url));
        request.json(body).send().await.unwrap()
    }

    /// A session that somebody gets.
    pub async fn signed_in(&self, body: &Value) -> Person {
        let answer = self.sign_in(body).await;
        assert_eq!(answer.status(), 201);
        let session: Value = answer.json().await.unwrap();
        Person::new(self.client.clone(), &self.one.url, session["token"].as_str().unwrap())
    }

    /// An account of somebody new.
    pub async fn account(&self, email: &str) -> Person {
        let body = json!({ "email": email, "password": PASSWORD });
        let request = self.client.post(format!("{}/v1/users", self.one.url)).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 201);
        self.signed_in(&body).await
    }

    /// A seat that somebody buys.
    pub async fn buy(&self, person: &Person, seat: &str) -> String {
        let held: Value = person.reserve(&self.concert, seat, &[seat]).await.json().await.unwrap();
        let id = held["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/concerts/{}/reservations/{id}/confirm", self.concert);
        let confirm = person.request(Method::POST, &path).header("Prefer", "wait=9");
        assert_eq!(confirm.send().await.unwrap().status(), 200);
        id
    }

    /// What Redis would be if it were lost: sessions, holds, all of it.
    pub async fn empty_redis(&self) {
        let mut redis = self.redis.clone();
        let () = redis::cmd("FLUSHDB").query_async(&mut redis).await.unwrap();
        self.believe_nothing().await;
    }

    /// Waits until no instance goes by what it found of a session before.
    pub async fn believe_nothing(&self) {
        tokio::time::sleep(Duration::from_millis(1_050)).await;
    }

    /// How many sessions PostgreSQL has.
    pub async fn kept(&self) -> i64 {
        let count = "SELECT count(*) FROM sessions WHERE user_id IS NOT NULL";
        sqlx::query_scalar(count).fetch_one(&self.one.pool).await.unwrap()
    }
}

/// The status of asking whose a session is.
pub async fn status(person: &Person) -> u16 {
    let request = person.request(Method::GET, "/v1/sessions/current");
    request.send().await.unwrap().status().as_u16()
}

/// Waits for something to become true.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: not within ten seconds");
}
