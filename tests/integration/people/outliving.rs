//! What a guest bought outlives Redis, and so does their way to it.

use futures_util::future::join_all;
use redis::AsyncCommands as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{People, status, until};
use crate::support::problem::problem;
use crate::support::service::Person;

#[tokio::test]
async fn a_guest_with_a_ticket_has_session_and_ticket_after_redis_was_emptied() {
    let people = People::meet().await;
    let (guest, looker) = (people.guest().await, people.guest().await);
    let user = guest.get("/v1/me").await["id"].clone();
    assert_eq!(people.kept().await, 0, "who has bought nothing is nobody to PostgreSQL");
    let id = people.buy(&guest, "1-1").await;
    assert_eq!(people.kept().await, 1);
    people.empty_redis().await;

    let current = guest.get("/v1/sessions/current").await;
    assert_eq!(current["user"], user);
    let mine = guest.get("/v1/me/reservations").await;
    assert_eq!(mine["items"][0]["id"], id.as_str());
    assert_eq!(status(&looker).await, 401, "who had nothing to lose begins anew");
    // Redis has it again: now PostgreSQL could go.
    let mut redis = people.redis.clone();
    let keys: Vec<String> = redis.keys("session:*").await.unwrap();
    assert_eq!(keys.len(), 1);
    let left: i64 = redis.ttl(&keys[0]).await.unwrap();
    assert!((29 * 86_400..=30 * 86_400).contains(&left), "{left}");
    // And the ticket can be used.
    let path = format!("/v1/concerts/{}/reservations/{id}", people.concert);
    until("the rebuilt sale knows the ticket", async || {
        let found = guest.at(&people.other.url).request(Method::GET, &path).send().await.unwrap();
        found.status() == 200
    })
    .await;
}

#[tokio::test]
async fn a_guest_whom_a_server_confirmed_for_outlives_redis_too() {
    let people = People::meet().await;
    let organiser =
        people.one.person_with(&people.client, frontrow::domain::role::Role::Organiser).await;
    let mut terms = crate::support::house::terms("paid");
    terms["confirm"] = json!("merchant");
    let request = organiser.request(Method::POST, "/v1/admin/concerts").json(&terms);
    let concert: Value = request.send().await.unwrap().json().await.unwrap();
    let concert = concert["id"].as_str().unwrap();
    let request = organiser.request(Method::POST, "/v1/admin/service-keys");
    let key = request.json(&json!({ "name": "shop" })).send().await.unwrap();
    let key: Value = key.json().await.unwrap();

    let guest = people.guest().await;
    let held: Value = guest.reserve(concert, "k", &["1-1"]).await.json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    let path = format!("/v1/concerts/{concert}/reservations/{id}/payment");
    let body = json!({ "payment_reference": "p-1", "amount": held["total"] });
    let pay = people.client.post(format!("{}{path}", people.one.url)).json(&body);
    let paid = pay.bearer_auth(key["secret"].as_str().unwrap()).header("Prefer", "wait=9");
    assert_eq!(paid.send().await.unwrap().status(), 200);
    people.empty_redis().await;
    assert_eq!(guest.get("/v1/me/reservations").await["items"][0]["id"], id);
}

#[tokio::test]
async fn what_postgresql_could_not_be_told_it_is_owed() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let held: Value = guest.reserve(&people.concert, "k", &["1-1"]).await.json().await.unwrap();
    // Nobody can write to the table while this is open.
    let mut away = people.one.pool.begin().await.unwrap();
    let lock = sqlx::query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut *away).await.unwrap();
    let confirmed = guest.change(&people.concert, held["id"].as_str().unwrap(), "confirm").await;
    assert_eq!(confirmed.status(), 200, "a sale does not wait for PostgreSQL");
    let mut redis = people.redis.clone();
    let owed: usize = redis.scard("guests-owed").await.unwrap();
    assert_eq!(owed, 1);
    away.rollback().await.unwrap();
    until("the debt is paid", async || {
        people.redis.clone().scard::<_, usize>("guests-owed").await.unwrap() == 0
    })
    .await;
    assert_eq!(people.kept().await, 1);
    people.empty_redis().await;
    assert_eq!(status(&guest).await, 200);
}

#[tokio::test]
async fn keeping_a_session_again_asks_nothing() {
    let people = People::meet().await;
    let guest = people.guest().await;
    people.buy(&guest, "1-1").await;
    let mut away = people.one.pool.begin().await.unwrap();
    let lock = sqlx::query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut *away).await.unwrap();
    let held: Value = guest.reserve(&people.concert, "2", &["1-2"]).await.json().await.unwrap();
    let confirmed = guest.change(&people.concert, held["id"].as_str().unwrap(), "confirm").await;
    assert_eq!(confirmed.status(), 200);
    let owed: usize = people.redis.clone().scard("guests-owed").await.unwrap();
    assert_eq!(owed, 0, "its record says that PostgreSQL has it");
    away.rollback().await.unwrap();
}

#[tokio::test]
async fn a_kept_session_is_prolonged_in_both_stores() {
    let people = People::meet().await;
    let guest = people.guest().await;
    people.buy(&guest, "1-1").await;
    let soon = "UPDATE sessions SET expires_at = now() + interval '1 day'";
    sqlx::query(soon).execute(&people.one.pool).await.unwrap();
    let mut redis = people.redis.clone();
    let keys: Vec<String> = redis.keys("session:*").await.unwrap();
    let () = redis.expire(&keys[0], 86_400).await.unwrap();
    people.believe_nothing().await;
    assert_eq!(status(&guest).await, 200);
    let days = "SELECT extract(epoch FROM expires_at - now())::bigint / 86400 FROM sessions";
    until("both are prolonged", async || {
        let days: i64 = sqlx::query_scalar(days).fetch_one(&people.one.pool).await.unwrap();
        let left: i64 = people.redis.clone().ttl(&keys[0]).await.unwrap();
        days == 29 && left > 29 * 86_400
    })
    .await;
}

#[tokio::test]
async fn a_session_whose_time_is_over_is_nobodys_and_forgotten() {
    let people = People::meet().await;
    let guest = people.guest().await;
    people.buy(&guest, "1-1").await;
    let over = "UPDATE sessions SET expires_at = now() - interval '1 second'";
    sqlx::query(over).execute(&people.one.pool).await.unwrap();
    people.empty_redis().await;
    let current = guest.request(Method::GET, "/v1/sessions/current").send().await.unwrap();
    problem(current, 401, "unauthenticated").await;
    until("it is cleaned up", async || people.kept().await == 0).await;
}

#[tokio::test]
async fn those_who_first_confirm_in_one_moment_are_kept_together() {
    let people = People::meet().await;
    let mut held = Vec::new();
    for seat in 1..=12 {
        let guest = people.guest().await;
        let seats = [format!("{}-{}", 1 + seat / 10, 1 + seat % 10)];
        let seats: Vec<_> = seats.iter().map(String::as_str).collect();
        let hold: Value = guest.reserve(&people.concert, "k", &seats).await.json().await.unwrap();
        held.push((guest, hold["id"].as_str().unwrap().to_owned()));
    }
    // Nobody can be kept while this is open: whoever comes meanwhile waits.
    let mut away = people.one.pool.begin().await.unwrap();
    let lock = sqlx::query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut *away).await.unwrap();
    let confirm = held.iter().map(|(guest, id)| guest.change(&people.concert, id, "confirm"));
    let open = async {
        until("all are sold", async || sold(&people, &held[0].0).await == held.len()).await;
        away.rollback().await.unwrap();
    };
    let (confirmed, ()) = tokio::join!(join_all(confirm), open);
    assert!(confirmed.iter().all(|answer| answer.status() == 200));
    until("all are kept", async || people.kept().await == held.len() as i64).await;
    let transactions = "SELECT count(DISTINCT xmin::text) FROM sessions";
    let transactions: i64 =
        sqlx::query_scalar(transactions).fetch_one(&people.one.pool).await.unwrap();
    assert!(transactions <= 3, "{transactions}");
}

/// How many seats are sold in Redis.
async fn sold(people: &People, guest: &Person) -> usize {
    let answer = guest.get(&format!("/v1/concerts/{}/availability", people.concert)).await;
    answer["counts"]["sold"].as_u64().unwrap_or_default() as usize
}
