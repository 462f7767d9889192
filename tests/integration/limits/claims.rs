//! Who takes and gives back without buying has to wait: on all instances together.

use reqwest::{Client, Method};
use serde_json::Value;

use super::two;
use crate::support::house;
use crate::support::problem::problem;
use crate::support::service::Person;

const GIVEN_BACK_MAX: u32 = 10;

/// Holds a seat and gives it back, unless there is no hold to be had.
async fn take_and_give_back(person: &Person, concert: &str, key: &str) -> bool {
    let held = person.reserve(concert, key, &["1-1"]).await;
    if held.status() == 429 {
        let wait = held.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap();
        assert!((1..=30).contains(&wait), "{wait} s");
        problem(held, 429, "rate-limited").await;
        return false;
    }
    assert_eq!(held.status(), 201);
    let held: Value = held.json().await.unwrap();
    let path = format!("/v1/concerts/{concert}/reservations/{}", held["id"].as_str().unwrap());
    let released = person.request(Method::DELETE, &path).send().await.unwrap();
    assert!(released.status().is_success());
    true
}

#[tokio::test]
async fn whoever_takes_and_gives_back_again_and_again_cools_down_on_every_instance() {
    let [one, other] = two(|limits| limits.limit_given_back = GIVEN_BACK_MAX).await;
    let concert = house::import(&one.pool, 1, 9, &house::terms("night")).await.to_string();
    let elsewhere = house::import_concert(&one.pool, &house::terms("else")).await.to_string();
    let here = one.person(&Client::new()).await;
    let there = here.at(&other.url);
    let mut taken = 0;
    for number in 0..2 * GIVEN_BACK_MAX {
        let person = if number % 2 == 0 { &here } else { &there };
        taken += u32::from(take_and_give_back(person, &concert, &format!("k{number}")).await);
    }
    // One is forgiven every thirty seconds, which this may take on a busy machine.
    assert!((GIVEN_BACK_MAX..=GIVEN_BACK_MAX + 1).contains(&taken), "{taken}");
    assert!(take_and_give_back(&here, &elsewhere, "k").await, "another concert is another matter");
    let another = one.person(&Client::new()).await;
    assert!(take_and_give_back(&another, &concert, "k").await, "and so is somebody else");
}

#[tokio::test]
async fn whoever_buys_what_they_hold_never_waits() {
    let [one, _] = two(|limits| limits.limit_given_back = 1).await;
    let concert = house::import(&one.pool, 1, 9, &house::terms("night")).await.to_string();
    let person = one.person(&Client::new()).await;
    for seat in 1..=8 {
        let key = format!("k{seat}");
        let held = person.reserve(&concert, &key, &[&format!("1-{seat}")]).await;
        assert_eq!(held.status(), 201);
        let held: Value = held.json().await.unwrap();
        let confirmed = person.change(&concert, held["id"].as_str().unwrap(), "confirm").await;
        assert_eq!(confirmed.status(), 200);
    }
}
