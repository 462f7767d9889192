//! Redis stops and comes back, while people claim over HTTP on two instances.

use std::time::Duration;

use frontrow::embedded::{RedisOptions, RedisServer};
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::until;
use crate::support::database;
use crate::support::house::{self, terms};
use crate::support::service::{Person, Service};

/// What is promised is a second for the answer and five for sales to resume; this machine may be busy.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);
const RESUMED_WITHIN: Duration = Duration::from_secs(20);

/// Claims by everybody, at once: each is told to come again. Returns how long the slowest took.
async fn claim_all(people: &[Person], concert: &str, key: &str) -> Duration {
    let mut claims = JoinSet::new();
    for (number, person) in people.iter().enumerate() {
        let claim = person.claim(concert, key, &[format!("1-{}", number + 1).as_str()]);
        claims.spawn(async move {
            let asked_at = Instant::now();
            let answer = claim.send().await.unwrap();
            assert_eq!(answer.status(), 503);
            assert!(answer.headers().contains_key("retry-after"));
            asked_at.elapsed()
        });
    }
    claims.join_all().await.into_iter().max().unwrap()
}

#[tokio::test]
async fn with_redis_stopped_every_claim_is_answered_503_soon_and_sales_resume_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let mut server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let (url, database) = (server.url(0), database().await);
    let (one, other) = tokio::join!(Service::on(&url, &database), Service::on(&url, &database));
    let concert = house::import(&one.pool, 1, 20, &terms("night")).await.to_string();
    let client = Client::new();
    let mut people = Vec::new();
    for number in 0..12 {
        let person = one.person(&client).await;
        people.push(if number % 2 == 0 { person } else { person.at(&other.url) });
    }
    assert_eq!(people[0].reserve(&concert, "before", &["1-20"]).await.status(), 201);

    for (round, paused) in [false, true].into_iter().enumerate() {
        match paused {
            true => server.pause().await.unwrap(),
            false => server.kill().await.unwrap(),
        }
        for key in ["a", "b", "c"] {
            let slowest = claim_all(&people, &concert, &format!("{key}{round}")).await;
            assert!(slowest < ANSWERED_WITHIN, "paused: {paused}; {slowest:?}");
        }
        match paused {
            true => server.resume().await.unwrap(),
            false => server.restart().await.unwrap(),
        }
        let back_at = Instant::now();
        for (person, seat) in [(&people[0], 13 + 2 * round), (&people[1], 14 + 2 * round)] {
            let (key, seat) = (format!("after{round}"), format!("1-{seat}"));
            until("sales resume", async || {
                person.reserve(&concert, &key, &[&seat]).await.status() == 201
            })
            .await;
        }
        assert!(back_at.elapsed() < RESUMED_WITHIN, "paused: {paused}; {:?}", back_at.elapsed());
    }
}
