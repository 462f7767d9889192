//! Ending sessions, everywhere.

use frontrow::domain::limits::SESSIONS_PER_USER_MAX;
use reqwest::{Method, Response};
use serde_json::json;

use super::fixture::{PASSWORD, People, status};
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
