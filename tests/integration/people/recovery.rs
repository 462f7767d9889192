//! A guest's way back.

use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{PASSWORD, People, status};
use crate::support::problem::problem;
use crate::support::service::Person;

/// A code that somebody gets.
pub async fn code(person: &Person) -> String {
    let made = person.request(Method::POST, "/v1/sessions/recovery").send().await.unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    made["recovery_code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_guest_comes_back_by_their_code_as_often_as_they_need_to() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let user = guest.get("/v1/me").await["id"].clone();
    let code = code(&guest).await;
    people.empty_redis().await;
    assert_eq!(status(&guest).await, 200, "who can come back is kept");
    let end = guest.request(Method::DELETE, "/v1/sessions/current").send().await.unwrap();
    assert_eq!(end.status(), 204);
    for _ in 0..2 {
        let back = people.signed_in(&json!({ "recovery_code": code })).await;
        assert_eq!(back.get("/v1/me").await["id"], user);
        assert_eq!(back.at(&people.other.url).get("/v1/me").await["id"], user);
    }
}

#[tokio::test]
async fn another_code_an_account_and_withdrawing_each_end_a_code() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let try_code = async |code: &str| {
        let answer = people.sign_in(&json!({ "recovery_code": code })).await;
        problem(answer, 401, "wrong-credentials").await;
    };
    let first = code(&guest).await;
    let second = code(&guest).await;
    try_code(&first).await;
    for _ in 0..2 {
        let withdraw = guest.request(Method::DELETE, "/v1/sessions/recovery");
        assert_eq!(withdraw.send().await.unwrap().status(), 204);
    }
    try_code(&second).await;
    let third = code(&guest).await;
    let account = json!({ "email": "ada@example.org", "password": PASSWORD });
    let made = guest.request(Method::POST, "/v1/users").json(&account).send().await.unwrap();
    assert_eq!(made.status(), 201);
    try_code(&third).await;
    let again = guest.request(Method::POST, "/v1/sessions/recovery").send().await.unwrap();
    problem(again, 409, "has-account").await;
    for made_up in ["frr_", "x", &format!("frr_{}", "A".repeat(43))] {
        try_code(made_up).await;
    }
}

#[tokio::test]
async fn a_code_ends_and_no_store_has_it() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let code = code(&guest).await;
    let row = "SELECT u::text FROM users AS u";
    let row: String = sqlx::query_scalar(row).fetch_one(&people.one.pool).await.unwrap();
    assert!(!row.contains(&code[4..]), "{row}");
    let days =
        "SELECT round(extract(epoch FROM recovery_expires_at - now()) / 86400)::int FROM users";
    let days: i32 = sqlx::query_scalar(days).fetch_one(&people.one.pool).await.unwrap();
    assert_eq!(days, 400);
    let over = "UPDATE users SET recovery_expires_at = now()";
    sqlx::query(over).execute(&people.one.pool).await.unwrap();
    let answer = people.sign_in(&json!({ "recovery_code": code })).await;
    problem(answer, 401, "wrong-credentials").await;
}
