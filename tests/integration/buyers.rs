//! The Prisma text's evening, over HTTP: 1,200 people, 1,000 seats, each wants one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use frontrow::domain::seat::{PackedStates, SeatNumber, SeatState};
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::house::{self, seat_ids, terms};
use crate::support::service::{Person, Service, told};

const SEATS: usize = 1_000;
const BUYERS: usize = 1_200;
/// Requests on their way at once: more would only wait in the client.
const CONCURRENCY: usize = 256;

/// How the evening ended for somebody.
enum End {
    Bought(String),
    NoneLeft,
}

/// Picks random free seats until one is bought, or none is left.
async fn buy(person: Person, concert: Arc<str>, seats: Arc<[String]>, buyer: usize) -> End {
    let mut attempt = 0;
    loop {
        let availability = person.get(&format!("/v1/concerts/{concert}/availability")).await;
        let free = free_seats(&availability);
        if free.is_empty() {
            if availability["counts"]["held"] == 0 {
                return End::NoneLeft;
            }
            // What is held may yet come back.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        attempt += 1;
        let pick = (buyer.wrapping_mul(7_919) + attempt * 104_729) % free.len();
        let seat = &seats[free[pick]];
        let key = attempt.to_string();
        let answer = told(person.claim(&concert, &key, &[seat])).await;
        if answer.status() == 409 {
            let problem: Value = answer.json().await.unwrap();
            assert_eq!(problem["type"], "/problems/seats-unavailable");
            assert_eq!(problem["conflicts"], serde_json::json!([seat]));
            continue;
        }
        // 200 if the claim had gone through although it was not told.
        assert!(answer.status().is_success());
        let held: Value = answer.json().await.unwrap();
        let id = held["id"].as_str().unwrap();
        let path = format!("/v1/concerts/{concert}/reservations/{id}/confirm");
        let answer = told(person.request(Method::POST, &path)).await;
        assert_eq!(answer.status(), 200);
        return End::Bought(seat.clone());
    }
}

fn free_seats(availability: &Value) -> Vec<usize> {
    let packed = BASE64_STANDARD.decode(availability["states"].as_str().unwrap()).unwrap();
    let states = PackedStates::new(packed, SEATS as u32);
    let is_free = |&seat: &usize| states.get(SeatNumber(seat as u32)) == SeatState::Available;
    (0..SEATS).filter(is_free).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_1200_people_1000_buy_a_seat_each_and_200_are_told_that_none_is_left() {
    let service = Service::start().await;
    let concert = house::import(&service.pool, 20, 50, &terms("on-sale")).await;
    let concert: Arc<str> = concert.to_string().into();
    let seats: Arc<[String]> = seat_ids(20, 50).into();
    let (client, gate) = (Client::new(), Arc::new(Semaphore::new(CONCURRENCY)));
    let mut people = Vec::new();
    for _ in 0..BUYERS {
        people.push(service.person(&client).await);
    }
    let mut buyers = JoinSet::new();
    for (buyer, person) in people.into_iter().enumerate() {
        let (concert, seats, gate) = (concert.clone(), seats.clone(), gate.clone());
        buyers.spawn(async move {
            let _turn = gate.acquire_owned().await;
            buy(person, concert, seats, buyer).await
        });
    }
    let mut bought = HashSet::new();
    let mut told = 0;
    for end in buyers.join_all().await {
        match end {
            End::Bought(seat) => assert!(bought.insert(seat), "a seat was sold twice"),
            End::NoneLeft => told += 1,
        }
    }
    assert_eq!((bought.len(), told), (SEATS, BUYERS - SEATS));
    assert_eq!(live_rows(&service).await, (SEATS as i64, SEATS as i64, SEATS as i64));
}

/// Live seat rows, distinct seats and distinct buyers in PostgreSQL, once the log is persisted.
async fn live_rows(service: &Service) -> (i64, i64, i64) {
    let mut rows = (0, 0, 0);
    for _ in 0..200 {
        rows = sqlx::query_as(
            "SELECT count(*), count(DISTINCT s.seat), count(DISTINCT r.user_id) \
             FROM reservation_seats s JOIN reservations r ON r.id = s.reservation_id \
             WHERE s.ended_at IS NULL AND r.state = 'confirmed'",
        )
        .fetch_one(&service.pool)
        .await
        .unwrap();
        if rows.0 >= SEATS as i64 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    rows
}
