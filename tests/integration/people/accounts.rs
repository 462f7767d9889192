//! Accounts and passwords.

use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::fixture::{PASSWORD, People, status};
use crate::support::problem::problem;
use crate::support::service::Person;

async fn register(people: &People, body: &Value) -> Response {
    let request = people.client.post(format!("{}/v1/users", people.one.url));
    request.json(body).send().await.unwrap()
}

async fn change_password(person: &Person, from: &str, to: &str) -> Response {
    let request = person.request(Method::PUT, "/v1/me/password");
    let body = json!({ "current_password": from, "new_password": to });
    request.json(&body).send().await.unwrap()
}

#[tokio::test]
async fn an_account_is_signed_in_to_by_any_spelling_of_its_address() {
    let people = People::meet().await;
    let body = json!({ "email": "Ada@Example.org", "password": PASSWORD, "name": "Ada" });
    let made = register(&people, &body).await;
    assert_eq!(made.status(), 201);
    assert_eq!(made.headers()["location"], "/v1/me");
    let made: Value = made.json().await.unwrap();
    assert_eq!((&made["email"], &made["role"]), (&json!("ada@example.org"), &json!("buyer")));
    let ada =
        people.signed_in(&json!({ "email": " ADA@example.ORG ", "password": PASSWORD })).await;
    assert_eq!(ada.get("/v1/me").await, made);
    assert_eq!(ada.at(&people.other.url).get("/v1/sessions/current").await["user"], made["id"]);
    let stored = "SELECT password_hash FROM users WHERE email = 'ada@example.org'";
    let stored: String = sqlx::query_scalar(stored).fetch_one(&people.one.pool).await.unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
}

#[tokio::test]
async fn a_wrong_address_and_a_wrong_password_are_answered_alike() {
    let people = People::meet().await;
    people.account("ada@example.org").await;
    let mut answers = Vec::new();
    for (email, password) in [
        ("ada@example.org", "another password"),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("ada@example.org", "short"),
        ("ada@example.org", &"x".repeat(2_000)),
    ] {
        let answer = people.sign_in(&json!({ "email": email, "password": password })).await;
        let mut headers = answer.headers().clone();
        for own in ["x-request-id", "date"] {
            headers.remove(own);
        }
        let mut body = problem(answer, 401, "wrong-credentials").await;
        body["request_id"] = Value::Null;
        answers.push((headers, body));
    }
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
}

#[tokio::test]
async fn of_many_who_want_one_address_at_once_one_gets_it() {
    let people = People::meet().await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let asked = join_all((0..6).map(|_| register(&people, &body))).await;
    let mut made = 0;
    for answer in asked {
        match answer.status().as_u16() {
            201 => made += 1,
            _ => drop(problem(answer, 409, "email-taken").await),
        }
    }
    assert_eq!(made, 1);
    let upper = json!({ "email": "ADA@EXAMPLE.ORG", "password": PASSWORD });
    problem(register(&people, &upper).await, 409, "email-taken").await;
}

#[tokio::test]
async fn a_guest_who_makes_an_account_stays_who_they_are() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let user = guest.get("/v1/me").await["id"].clone();
    assert_eq!(guest.get("/v1/me").await["email"], Value::Null);
    let held: Value = guest.reserve(&people.concert, "k", &["1-1"]).await.json().await.unwrap();
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let make = async |body: &Value| {
        guest.request(Method::POST, "/v1/users").json(body).send().await.unwrap()
    };
    assert_eq!(make(&body).await.status(), 201);
    assert_eq!(guest.get("/v1/me").await["id"], user, "the session goes on");
    let again = people.signed_in(&body).await;
    assert_eq!(again.get("/v1/me").await["id"], user);
    let path = format!("/v1/concerts/{}/reservations", people.concert);
    assert_eq!(again.get(&path).await["items"][0]["id"], held["id"]);
    let another = json!({ "email": "other@example.org", "password": PASSWORD });
    problem(make(&another).await, 409, "has-account").await;
    people.empty_redis().await;
    assert_eq!(status(&guest).await, 200, "the guest's session outlives Redis");
}

#[tokio::test]
async fn what_is_no_account_is_told_and_makes_none() {
    let people = People::meet().await;
    for (body, status, slug, says) in [
        (json!({ "email": "ada", "password": PASSWORD }), 422, "invalid-email", "#/email"),
        (json!({ "email": "a@b", "password": "eleven.byte" }), 422, "unsuitable-password", "12"),
        (
            json!({ "email": "a@b", "password": "x".repeat(1_025) }),
            422,
            "unsuitable-password",
            "1024",
        ),
        (json!({ "email": "a@b" }), 400, "invalid-request", "password"),
        (
            json!({ "email": "a@b", "password": PASSWORD, "name": "" }),
            400,
            "invalid-request",
            "#/name",
        ),
        (
            json!({ "email": "a@b", "password": PASSWORD, "role": "admin" }),
            400,
            "invalid-request",
            "role",
        ),
    ] {
        let told = problem(register(&people, &body).await, status, slug).await.to_string();
        assert!(told.contains(says), "{says:?} is not in {told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
    let stranger = Person::new(people.client.clone(), &people.one.url, &"A".repeat(43));
    let body = json!({ "email": "a@b", "password": PASSWORD });
    let made = stranger.request(Method::POST, "/v1/users").json(&body).send().await.unwrap();
    problem(made, 401, "unauthenticated").await;
    let users = "SELECT count(*) FROM users";
    let users: i64 = sqlx::query_scalar(users).fetch_one(&people.one.pool).await.unwrap();
    assert_eq!(users, 0);
}

#[tokio::test]
async fn what_is_no_way_to_sign_in_is_told() {
    let people = People::meet().await;
    for body in [
        json!({ "email": "a@b" }),
        json!({ "password": PASSWORD }),
        json!({ "email": "a@b", "password": PASSWORD, "recovery_code": "frr_x" }),
        json!({ "token": "x" }),
        json!([]),
    ] {
        problem(people.sign_in(&body).await, 400, "invalid-request").await;
    }
    let request = people.client.post(format!("{}/v1/sessions", people.one.url));
    let text = request.try_clone().unwrap().body("email=a@b").send().await.unwrap();
    problem(text, 415, "unsupported-media-type").await;
    let null = request.try_clone().unwrap().json(&Value::Null).send().await.unwrap();
    assert_eq!(null.status(), 201, "a client that has nothing to say may say so");
    let nothing = request.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(nothing.status(), 201, "whoever always says what they send may send nothing");
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_everywhere() {
    let people = People::meet().await;
    let here = people.account("ada@example.org").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    let there = people.signed_in(&body).await.at(&people.other.url);
    assert_eq!(status(&there).await, 200);
    let wrong = change_password(&here, "another password", "incorrect donkey").await;
    problem(wrong, 401, "wrong-credentials").await;
    problem(change_password(&here, PASSWORD, "short").await, 422, "unsuitable-password").await;
    assert_eq!(status(&there).await, 200, "a mistake ends nothing");

    let changed = change_password(&here, PASSWORD, "incorrect donkey dynamo").await;
    assert_eq!(changed.status(), 204);
    people.believe_nothing().await;
    assert_eq!((status(&here).await, status(&there).await), (200, 401));
    problem(people.sign_in(&body).await, 401, "wrong-credentials").await;
    let new = json!({ "email": "ada@example.org", "password": "incorrect donkey dynamo" });
    assert_eq!(people.sign_in(&new).await.status(), 201);
    people.empty_redis().await;
    assert_eq!((status(&here).await, status(&there).await), (200, 401));
}

#[tokio::test]
async fn a_guest_has_no_password_to_change() {
    let people = People::meet().await;
    let guest = people.guest().await;
    problem(change_password(&guest, PASSWORD, "incorrect donkey").await, 409, "no-account").await;
}

#[tokio::test]
async fn a_name_says_something_and_has_no_control_characters() {
    let people = People::meet().await;
    for name in ["", " ", "A\0da", "A\u{7}da", "A\nda", "A\u{85}da", &"x".repeat(201)] {
        let body = json!({ "email": "ada@example.org", "password": PASSWORD, "name": name });
        let problem = problem(register(&people, &body).await, 400, "invalid-request").await;
        assert_eq!(problem["errors"][0]["pointer"], "#/name", "{name:?}");
    }
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "name": "Ada \u{1f39f}" });
    let made: Value = register(&people, &body).await.json().await.unwrap();
    assert_eq!(made["name"], "Ada \u{1f39f}");
}
