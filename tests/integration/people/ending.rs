//! Ending sessions, everywhere.

use std::time::Duration;

use frontrow::domain::limits::SESSIONS_PER_USER_MAX;
use redis::AsyncCommands as _;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use super::fixture::{PASSWORD, People, status, until};
use crate::support::problem::problem;
use crate::support::service::Person;

async fn end(person: &Person, path: &str) -> Response {
    person.request(Method::DELETE, path).send().await.unwrap()
}

#[tokio::test]
async fn who_signs_out_everywhere_on_one_instance_is_refused_on_the_other() {
    let people = People::meet().await;
    let here = people.account("ada@example.org").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let there = people.signed_in(&body).await.at(&people.other.url);
    let bystander = people.account("eve@example.org").await.at(&people.other.url);
    assert_eq!((status(&here).await, status(&there).await), (200, 200));

    assert_eq!(end(&here, "/v1/sessions").await.status(), 204);
    people.believe_nothing().await;
    // A claim, not only a question about the session.
    let claim = there.reserve(&people.concert, "k", &["1-1"]).await;
    problem(claim, 401, "unauthenticated").await;
    assert_eq!((status(&here).await, status(&there).await), (401, 401));
    assert_eq!(status(&bystander).await, 200);
    people.empty_redis().await;
    assert_eq!((status(&here).await, status(&there).await), (401, 401), "nor from PostgreSQL");
    assert_eq!(status(&bystander).await, 200);
}

#[tokio::test]
async fn a_session_that_ended_is_in_neither_store() {
    let people = People::meet().await;
    let (guest, buyer) = (people.guest().await, people.guest().await);
    people.buy(&buyer, "1-1").await;
    let account = people.account("ada@example.org").await;
    for person in [&guest, &buyer, &account] {
        assert_eq!(status(person).await, 200);
        for _ in 0..2 {
            assert_eq!(end(person, "/v1/sessions/current").await.status(), 204);
        }
        assert_eq!(status(person).await, 401);
    }
    assert_eq!(people.kept().await, 0);
    people.empty_redis().await;
    assert_eq!(status(&buyer).await, 401);
}

#[tokio::test]
async fn a_guest_who_bought_signs_out_everywhere_with_every_way_back() {
    let people = People::meet().await;
    let guest = people.guest().await;
    people.buy(&guest, "1-1").await;
    let code = super::recovery::code(&guest).await;
    let elsewhere = people.signed_in(&json!({ "recovery_code": code })).await;
    assert_eq!(end(&elsewhere, "/v1/sessions").await.status(), 204);
    assert_eq!((status(&guest).await, status(&elsewhere).await), (401, 401));
    let again = people.sign_in(&json!({ "recovery_code": code })).await;
    problem(again, 401, "wrong-credentials").await;
}

#[tokio::test]
async fn nobody_has_any_number_of_sessions_and_the_oldest_make_room() {
    let people = People::meet().await;
    let guest = people.guest().await;
    people.buy(&guest, "1-1").await;
    let code = json!({ "recovery_code": super::recovery::code(&guest).await });
    let mut sessions = vec![guest];
    for _ in 0..SESSIONS_PER_USER_MAX {
        sessions.push(people.signed_in(&code).await);
    }
    assert_eq!(people.kept().await, i64::from(SESSIONS_PER_USER_MAX));
    assert_eq!(status(&sessions[0]).await, 401);
    assert_eq!(status(&sessions[1]).await, 200);
    assert_eq!(status(sessions.last().unwrap()).await, 200);
}

/// A guest with a hold whose session nobody can keep while the transaction is open.
async fn unkeepable(people: &People) -> (Person, String, Transaction<'static, Postgres>) {
    let guest = people.guest().await;
    let held: Value = guest.reserve(&people.concert, "k", &["1-1"]).await.json().await.unwrap();
    let mut away = people.one.pool.begin().await.unwrap();
    // Two cannot insert the same user at once: the second waits for what becomes of the first.
    let insert = sqlx::query("INSERT INTO users (id) VALUES ($1::uuid)");
    let user = guest.get("/v1/me").await["id"].as_str().unwrap().to_owned();
    insert.bind(user).execute(&mut *away).await.unwrap();
    (guest, held["id"].as_str().unwrap().to_owned(), away)
}

/// How many statements of a kind are at work in PostgreSQL.
async fn at_work(people: &People, kind: &str) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE $1";
    sqlx::query_scalar(count).bind(kind).fetch_one(&people.one.pool).await.unwrap()
}

#[tokio::test]
async fn a_session_that_ended_while_it_was_being_kept_is_not_brought_back() {
    for path in ["/v1/sessions/current", "/v1/sessions"] {
        let people = People::meet().await;
        let (guest, held, away) = unkeepable(&people).await;
        let confirmed = guest.change(&people.concert, &held, "confirm").await;
        assert_eq!(confirmed.status(), 200, "a sale does not wait for PostgreSQL");
        let (out, leaving) = (guest.clone(), path.to_owned());
        let ending = tokio::spawn(async move { end(&out, &leaving).await.status() });
        until("the end is there, or waits for what becomes of the keeping", async || {
            ending.is_finished() || at_work(&people, "%excluded.expires_at%").await > 0
        })
        .await;
        away.rollback().await.unwrap();
        assert_eq!(ending.await.unwrap(), 204);
        until("nothing is being kept", async || {
            at_work(&people, "%INSERT INTO sessions (user_id%").await == 0
        })
        .await;
        assert_eq!(status(&guest).await, 401, "{path}");
        assert_eq!(people.kept().await, 0);
    }
}

#[tokio::test]
async fn a_session_is_kept_to_the_end_although_its_guest_hangs_up() {
    let people = People::meet().await;
    let (guest, held, away) = unkeepable(&people).await;
    let path = format!("/v1/concerts/{}/reservations/{held}/confirm", people.concert);
    let hasty = guest.request(Method::POST, &path).timeout(Duration::from_millis(100));
    assert!(hasty.send().await.unwrap_err().is_timeout());
    away.rollback().await.unwrap();
    let mut redis = people.redis.clone();
    let keys: Vec<String> = redis.keys("session:*").await.unwrap();
    until("Redis knows that the session is kept", async || {
        let record: Vec<u8> = people.redis.clone().get(&keys[0]).await.unwrap();
        record.last() == Some(&1)
    })
    .await;
    assert_eq!(people.kept().await, 1);
    assert_eq!(end(&guest, "/v1/sessions/current").await.status(), 204);
    people.empty_redis().await;
    assert_eq!((status(&guest).await, people.kept().await), (401, 0));
}

#[tokio::test]
async fn a_session_that_was_kept_half_way_ends_in_postgresql_too() {
    let people = People::meet().await;
    let guest = people.guest().await;
    // PostgreSQL has it, and Redis was not told.
    let me = guest.get("/v1/me").await;
    let user = me["id"].as_str().unwrap();
    let insert = sqlx::query("INSERT INTO users (id) VALUES ($1::uuid)").bind(user);
    insert.execute(&people.one.pool).await.unwrap();
    let mut redis = people.redis.clone();
    let keys: Vec<String> = redis.keys("session:*").await.unwrap();
    let hash = keys[0].strip_prefix("session:").unwrap();
    let keep = "INSERT INTO sessions (token_hash, user_id, expires_at)
        VALUES (decode($1, 'hex'), $2::uuid, now() + interval '1 day')";
    sqlx::query(keep).bind(hash).bind(user).execute(&people.one.pool).await.unwrap();
    assert_eq!(end(&guest, "/v1/sessions/current").await.status(), 204);
    assert_eq!(status(&guest).await, 401);
    assert_eq!(people.kept().await, 0);
}

#[tokio::test]
async fn nothing_is_remembered_of_a_session_that_never_was() {
    let people = People::meet().await;
    let made_up = frontrow::identity::SessionToken::random().unwrap().expose();
    let nobody = Person::new(people.client.clone(), &people.one.url, &made_up);
    assert_eq!(end(&nobody, "/v1/sessions/current").await.status(), 204);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&people.one.pool)
        .await
        .unwrap();
    assert_eq!(rows, 0);
}
