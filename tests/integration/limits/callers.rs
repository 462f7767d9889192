//! Limits of addresses and users, and who is believed about where a caller is.

use std::time::Instant;

use reqwest::{Client, Response, StatusCode};

use super::two;
use crate::support::house;
use crate::support::problem::problem;
use crate::support::service::{Person, Service};

const PER_MINUTE: u32 = 60;

async fn sign_in(service: &Service, client: &Client, forwarded: Option<String>) -> Response {
    let mut request = client.post(format!("{}/v1/sessions", service.url));
    if let Some(forwarded) = forwarded {
        request = request.header("X-Forwarded-For", forwarded);
    }
    request.send().await.unwrap()
}

/// How many of twice as many sign-ins as are allowed, by turns on two instances, are let in; and how
/// many may be, because some come back meanwhile.
async fn let_in(services: &[Service; 2], forwarded: impl Fn(u32) -> Option<String>) -> (u32, u32) {
    let (client, begun) = (Client::new(), Instant::now());
    let mut admitted = 0;
    for number in 0..2 * PER_MINUTE {
        let service = &services[number as usize % 2];
        let answer = sign_in(service, &client, forwarded(number)).await;
        match answer.status() {
            StatusCode::CREATED => admitted += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    let came_back = begun.elapsed().as_secs_f64() * f64::from(PER_MINUTE) / 60.0;
    (admitted, PER_MINUTE + came_back.ceil() as u32)
}

#[tokio::test]
async fn two_instances_allow_no_more_sign_ins_than_one_and_no_caller_talks_their_way_around() {
    let services = two(|limits| limits.limit_sign_in = PER_MINUTE).await;
    let spoofed = |number| Some(format!("9.9.{}.{}", number / 256, number % 256));
    let (admitted, most) = let_in(&services, spoofed).await;
    assert!((PER_MINUTE..=most).contains(&admitted), "{admitted}, and at most {most}");
}

#[tokio::test]
async fn callers_behind_a_proxy_that_is_trusted_are_told_apart() {
    let services = two(|limits| {
        limits.limit_sign_in = PER_MINUTE;
        limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let many = |number| Some(format!("9.9.{}.{}", number / 256, number % 256));
    assert_eq!(let_in(&services, many).await.0, 2 * PER_MINUTE);
    let household = |number| Some(format!("6.6.6.6, 2001:db8::{number:x}"));
    let (admitted, most) = let_in(&services, household).await;
    assert!((PER_MINUTE..=most).contains(&admitted), "{admitted}, and at most {most}");
}

#[tokio::test]
async fn a_caller_is_told_how_they_stand_and_when_to_come_again() {
    let [service, _] = two(|limits| {
        limits.limit_browse = 2;
        limits.limit_claim = 3;
    })
    .await;
    let concert = house::import(&service.pool, 1, 9, &house::terms("night")).await.to_string();
    let client = Client::new();
    let list = async || client.get(format!("{}/v1/concerts", service.url)).send().await.unwrap();
    for _ in 0..2 {
        let shared = list().await;
        assert_eq!(shared.status(), 200);
        assert!(!shared.headers().contains_key("ratelimit"), "it is for everybody");
    }
    let refused = list().await;
    let headers = refused.headers().clone();
    assert_eq!(headers["ratelimit-policy"], "\"browse-address\";q=2;w=60");
    assert!(headers["ratelimit"].to_str().unwrap().starts_with("\"browse-address\";r=0;t="));
    let seconds: u32 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    problem(refused, 429, "rate-limited").await;

    let person = service.person(&client).await;
    for number in 1..=3 {
        let held = person.reserve(&concert, &format!("k{number}"), &[&format!("1-{number}")]).await;
        assert_eq!(held.status(), 201);
        let left = held.headers()["ratelimit"].to_str().unwrap();
        assert!(left.contains(&format!("\"claim-user\";r={};t=", 3 - number)), "{left}");
    }
    problem(person.reserve(&concert, "k4", &["1-4"]).await, 429, "rate-limited").await;
    let another = service.person(&client).await;
    assert_eq!(another.reserve(&concert, "k", &["1-4"]).await.status(), 201);
}

#[tokio::test]
async fn nobody_is_looked_up_who_comes_from_an_address_that_has_asked_for_too_much() {
    let [service, _] = two(|limits| limits.limit_claim = 1).await;
    let concert = house::import(&service.pool, 1, 9, &house::terms("night")).await.to_string();
    let client = Client::new();
    let person = service.person(&client).await;
    // Ten users' worth of claims, by whoever it is.
    let mut statuses = Vec::new();
    for number in 0..30 {
        let made_up = frontrow::identity::SessionToken::random().unwrap().expose();
        let nobody = Person::new(client.clone(), &service.url, &made_up);
        let answer = nobody.reserve(&concert, &number.to_string(), &["1-1"]).await;
        statuses.push(answer.status());
    }
    assert!(statuses.contains(&StatusCode::UNAUTHORIZED), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    let answer = person.reserve(&concert, "k", &["1-1"]).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let policies = answer.headers()["ratelimit-policy"].to_str().unwrap();
    assert_eq!(policies, "\"claim-address\";q=10;w=60", "the user was not asked for");
}
