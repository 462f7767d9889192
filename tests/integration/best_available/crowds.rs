//! Many at once.

use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::seats;
use crate::support::house::{import, terms};
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

const BUYERS: usize = 160;

/// An empty house of 8,000 seats, and so many people who want some of them, at these instances in
/// turn.
async fn people(services: &[&Service], buyers: usize) -> (String, Vec<Person>) {
    let concert = import(&services[0].pool, 80, 100, &terms("on-sale")).await;
    let client = Client::new();
    let mut people = Vec::new();
    for buyer in 0..buyers {
        let person = services[0].person(&client).await;
        people.push(person.at(&services[buyer % services.len()].url));
    }
    (concert.to_string(), people)
}

/// All at once ask for a pair; what each was given.
async fn all_ask(concert: &str, people: Vec<Person>) -> Vec<BTreeSet<String>> {
    let started = Instant::now();
    let mut asking = JoinSet::new();
    for person in people {
        let concert = concert.to_owned();
        asking.spawn(async move {
            let answer = person.reserve_best(&concert, "k", json!({ "quantity": 2 })).await;
            let status = answer.status();
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(status, 201, "{answer}");
            assert_eq!(answer["together"], true);
            seats(&answer)
        });
    }
    let given = asking.join_all().await;
    println!("{} were served in {:?}", given.len(), started.elapsed());
    given
}

fn assert_all_different(given: &[BTreeSet<String>]) {
    assert!(given.iter().all(|seats| seats.len() == 2));
    let all: HashSet<&String> = given.iter().flatten().collect();
    assert_eq!(all.len(), 2 * given.len(), "no seat twice");
    // A house of 8,000 has 160 pairs of good seats: nobody need go to the back or to the side.
    let rows = all.iter().map(|seat| seat.split('-').next().unwrap().parse::<u32>().unwrap());
    assert!(rows.max().unwrap() <= 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_160_people_at_once_in_an_empty_house_every_one_is_served() {
    let service = Service::start().await;
    let (concert, people) = people(&[&service], BUYERS).await;
    assert_all_different(&all_ask(&concert, people).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_160_people_at_two_instances_every_one_is_served() {
    let (redis, database) = (redis_db().await, database().await);
    let services = [Service::on(&redis, &database).await, Service::on(&redis, &database).await];
    let (concert, people) = people(&[&services[0], &services[1]], BUYERS).await;
    assert_all_different(&all_ask(&concert, people).await);
}
