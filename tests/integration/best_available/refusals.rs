//! What those are told who get nothing.

use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::{concert, given};
use crate::support::problem::problem;
use crate::support::service::Service;

#[tokio::test]
async fn a_party_that_does_not_fit_learns_when_it_may_and_whether_it_could_be_split() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["##", "##"], |_| {}).await;
    let client = Client::new();
    let (first, second) = (service.person(&client).await, service.person(&client).await);
    let hold = |person: &crate::support::service::Person, seat: &'static str| {
        let (person, concert) = (person.clone(), concert.clone());
        async move { person.reserve(&concert, seat, &[seat]).await.json::<Value>().await.unwrap() }
    };
    let (_, later) = (hold(&first, "1-1").await, hold(&second, "1-2").await);
    let third = hold(&first, "2-1").await;
    let pair = json!({ "quantity": 2 });
    let told =
        problem(first.reserve_best(&concert, "a", pair.clone()).await, 409, "none-available").await;
    // The first hold to end frees a seat, and the second a pair.
    assert_eq!(told["next_deadline"], later["deadline"]);
    assert_eq!(told["possible_if_split"], false);
    let id = third["id"].as_str().unwrap();
    let path = format!("/v1/concerts/{concert}/reservations/{id}");
    first.request(Method::DELETE, &path).send().await.unwrap();
    let three = json!({ "quantity": 3 });
    let told = problem(first.reserve_best(&concert, "b", three).await, 409, "none-available").await;
    assert_eq!(told["next_deadline"], Value::Null, "no row has three seats");
    first.reserve(&concert, "c", &["2-1"]).await;
    let mut split = json!({ "quantity": 2 });
    let path = format!("/v1/concerts/{concert}/reservations/{}", later["id"].as_str().unwrap());
    second.request(Method::DELETE, &path).send().await.unwrap();
    let told =
        problem(first.reserve_best(&concert, "d", split.clone()).await, 409, "none-available")
            .await;
    assert_eq!(told["possible_if_split"], true);
    split["may_split"] = json!(true);
    let seats = given(first.reserve_best(&concert, "e", split).await).await;
    assert_eq!(seats, ["1-2", "2-2"]);
}

#[tokio::test]
async fn seats_that_come_back_go_to_the_next_who_asks_however_often_it_was_refused() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["##"], |_| {}).await;
    let client = Client::new();
    let (holder, waiting) = (service.person(&client).await, service.person(&client).await);
    let path = format!("/v1/concerts/{concert}/reservations");
    let wish = json!({ "quantity": 2 });
    for round in 0..5 {
        let held = holder.reserve(&concert, &round.to_string(), &["1-1", "1-2"]).await;
        let held: Value = held.json().await.unwrap();
        for _ in 0..3 {
            let told = waiting.reserve_best(&concert, &format!("w{round}"), wish.clone()).await;
            let told = problem(told, 409, "none-available").await;
            assert_eq!(told["next_deadline"], held["deadline"]);
        }
        let one = format!("{path}/{}", held["id"].as_str().unwrap());
        holder.request(Method::DELETE, &one).send().await.unwrap();
        let served = waiting.reserve_best(&concert, &format!("w{round}"), wish.clone()).await;
        let served: Value = served.json().await.unwrap();
        assert_eq!(served["state"], "held", "{served}");
        let one = format!("{path}/{}", served["id"].as_str().unwrap());
        waiting.request(Method::DELETE, &one).send().await.unwrap();
    }
}

#[tokio::test]
async fn when_the_deadline_it_was_told_has_come_a_party_is_served() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["##"], |terms| terms["hold_seconds"] = json!(5)).await;
    let client = Client::new();
    let (holder, waiting) = (service.person(&client).await, service.person(&client).await);
    holder.reserve(&concert, "k", &["1-1", "1-2"]).await;
    let wish = json!({ "quantity": 2 });
    let told =
        problem(waiting.reserve_best(&concert, "k", wish.clone()).await, 409, "none-available")
            .await;
    let deadline: Timestamp = told["next_deadline"].as_str().unwrap().parse().unwrap();
    let left = (deadline.as_millisecond() - Timestamp::now().as_millisecond()).max(0) as u64;
    tokio::time::sleep(Duration::from_millis(left + 1)).await;
    assert_eq!(given(waiting.reserve_best(&concert, "k", wish).await).await, ["1-1", "1-2"]);
}

#[tokio::test]
async fn a_sale_that_is_not_open_refuses_before_it_looks_for_seats() {
    let service = Service::start().await;
    let in_an_hour = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + 1.hour();
    let opens_at = in_an_hour.to_string();
    let early = |terms: &mut Value| terms["sale"] = json!({ "opens_at": opens_at });
    let concert = concert(&service.pool, &["##"], early).await;
    let buyer = service.person(&Client::new()).await;
    for quantity in [1, 20] {
        let answer = buyer.reserve_best(&concert, "k", json!({ "quantity": quantity })).await;
        let told = problem(answer, 409, "not-on-sale").await;
        assert_eq!(told["opens_at"], opens_at);
    }
}

#[tokio::test]
async fn nobody_gets_more_seats_than_one_person_may_have() {
    let service = Service::start().await;
    let limit = |terms: &mut Value| terms["max_seats_per_user"] = json!(3);
    let concert = concert(&service.pool, &["######"], limit).await;
    let buyer = service.person(&Client::new()).await;
    let wish = json!({ "quantity": 2 });
    given(buyer.reserve_best(&concert, "a", wish.clone()).await).await;
    problem(buyer.reserve_best(&concert, "b", wish.clone()).await, 409, "user-limit").await;
    let other = service.person(&Client::new()).await;
    assert_eq!(
        other.reserve_best(&concert, "k", wish).await.status(),
        201,
        "nothing was kept back"
    );
}

#[tokio::test]
async fn who_has_as_many_seats_as_one_may_is_told_so_although_there_are_none_left() {
    let service = Service::start().await;
    let limit = |terms: &mut Value| terms["max_seats_per_user"] = json!(2);
    let concert = concert(&service.pool, &["##"], limit).await;
    let (buyer, other) =
        (service.person(&Client::new()).await, service.person(&Client::new()).await);
    let wish = json!({ "quantity": 1 });
    assert_eq!(buyer.reserve(&concert, "a", &["1-1", "1-2"]).await.status(), 201);
    let told =
        problem(buyer.reserve_best(&concert, "b", wish.clone()).await, 409, "user-limit").await;
    assert_eq!((&told["owned"], &told["limit"]), (&json!(2), &json!(2)));
    problem(other.reserve_best(&concert, "k", wish).await, 409, "none-available").await;
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_is_told_why() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["##"], |_| {}).await;
    let buyer = service.person(&Client::new()).await;
    let path = format!("/v1/concerts/{concert}/reservations");
    for (body, status, slug, says) in [
        (
            json!({ "best_available": { "quantity": 0 } }),
            422,
            "no-seats",
            "#/best_available/quantity",
        ),
        (json!({ "best_available": { "quantity": 21 } }), 422, "too-many-seats", "\"limit\":20"),
        (
            json!({ "best_available": { "quantity": 1, "section": "Roof" } }),
            422,
            "unknown-section",
            "#/best_available/section",
        ),
        (
            json!({ "best_available": { "quantity": 1, "category": "" } }),
            422,
            "unknown-category",
            "#/best_available/category",
        ),
        (json!({ "best_available": {} }), 400, "invalid-request", "missing field `quantity`"),
        (json!({ "best_available": { "quantity": -1 } }), 400, "invalid-request", "quantity"),
        (
            json!({ "best_available": { "quantity": 1, "row": "A" } }),
            400,
            "invalid-request",
            "unknown field `row`",
        ),
        (json!({ "best_available": null }), 400, "invalid-request", "#/best_available"),
        (
            json!({ "seats": ["1-1"], "best_available": { "quantity": 1 } }),
            400,
            "invalid-request",
            "#/best_available",
        ),
    ] {
        let request = buyer.request(Method::POST, &path).header("Idempotency-Key", "k");
        let told = problem(request.json(&body).send().await.unwrap(), status, slug).await;
        assert!(told.to_string().contains(says), "{told} does not say {says:?}");
    }
}
