//! Who gets which seats.

use frontrow::domain::best_available::WishText;
use frontrow::domain::ids::UserId;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{concert, given, seats};
use crate::support::backend::Backend;
use crate::support::house::{self, seat_ids, terms};
use crate::support::problem::problem;
use crate::support::service::Service;

#[tokio::test]
async fn the_same_request_is_the_same_reservation_whatever_is_free_by_then() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["####", "####"], |_| {}).await;
    let client = Client::new();
    let (buyer, other) = (service.person(&client).await, service.person(&client).await);
    let best = given(other.reserve(&concert, "front", &["1-1", "1-2", "1-3", "1-4"]).await).await;
    let first = buyer.reserve_best(&concert, "k", json!({ "quantity": 2 })).await;
    assert_eq!(first.status(), 201);
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["together"], true);
    assert!(seats(&first).iter().all(|seat| !best.contains(seat)));

    // Better seats are free now, and then none are at all: it stays the same reservation.
    let path = format!("/v1/concerts/{concert}/reservations");
    let held: Value = other.get(&path).await;
    let id = held["items"][0]["id"].as_str().unwrap();
    other.request(Method::DELETE, &format!("{path}/{id}")).send().await.unwrap();
    for full in [false, true] {
        if full {
            let left = seat_ids(2, 4).into_iter().filter(|seat| !seats(&first).contains(seat));
            let left: Vec<_> = left.collect();
            let left: Vec<_> = left.iter().map(String::as_str).collect();
            assert_eq!(other.reserve(&concert, "all", &left).await.status(), 201);
        }
        let again = buyer.reserve_best(&concert, "k", json!({ "quantity": 2 })).await;
        assert_eq!(again.status(), 200);
        assert_eq!(again.headers()["idempotency-replayed"], "true");
        let again: Value = again.json().await.unwrap();
        assert_eq!((&again["id"], seats(&again)), (&first["id"], seats(&first)));
        let more = buyer.reserve_best(&concert, "k", json!({ "quantity": 3 })).await;
        problem(more, 422, "idempotency-key-reused").await;
        let split = json!({ "quantity": 2, "may_split": true });
        let split = buyer.reserve_best(&concert, "k", split).await;
        problem(split, 422, "idempotency-key-reused").await;
    }
    let named: Vec<_> = seats(&first).into_iter().collect();
    let named: Vec<_> = named.iter().map(String::as_str).collect();
    let named = buyer.reserve(&concert, "k", &named).await;
    problem(named, 422, "idempotency-key-reused").await;
}

#[tokio::test]
async fn accessible_seats_go_to_those_who_ask_for_them_and_to_those_who_name_them() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["aa##aa", "######"], |_| {}).await;
    let buyer = service.person(&Client::new()).await;
    let all = given(buyer.reserve_best(&concert, "all", json!({ "quantity": 6 })).await).await;
    assert_eq!(all, ["2-1", "2-2", "2-3", "2-4", "2-5", "2-6"]);
    let two = given(buyer.reserve_best(&concert, "two", json!({ "quantity": 2 })).await).await;
    assert_eq!(two, ["1-3", "1-4"]);
    let none = buyer.reserve_best(&concert, "one", json!({ "quantity": 1 })).await;
    problem(none, 409, "none-available").await;
    let accessible = json!({ "quantity": 2, "accessible": true });
    let pair = given(buyer.reserve_best(&concert, "pair", accessible).await).await;
    assert!(pair == ["1-1", "1-2"] || pair == ["1-5", "1-6"], "{pair:?}");
    let left = if pair[0] == "1-1" { ["1-5", "1-6"] } else { ["1-1", "1-2"] };
    assert_eq!(given(buyer.reserve(&concert, "named", &left).await).await, left);
}

#[tokio::test]
async fn every_reservation_says_whether_its_seats_are_together() {
    let service = Service::start().await;
    let concert = concert(&service.pool, &["###  ###", "########"], |_| {}).await;
    let buyer = service.person(&Client::new()).await;
    for (seats, together) in [
        (&["1-2", "1-1"][..], true),
        (&["1-3", "1-6"], false),
        (&["2-8"], true),
        (&["2-1", "2-3"], false),
        (&["1-7", "2-7"], false),
    ] {
        let answer = buyer.reserve(&concert, &seats.join("+"), seats).await;
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["together"], together, "{seats:?}");
    }
    // Free are 1-8, 2-2, and 2-4 to 2-6.
    let split = json!({ "quantity": 4, "may_split": true });
    let answer: Value = buyer.reserve_best(&concert, "k", split).await.json().await.unwrap();
    assert_eq!((&answer["together"], seats(&answer).len()), (&json!(false), 4), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_nearly_full_house_exactly_the_pairs_that_are_left_are_sold() {
    let service = Service::start().await;
    let row = "##########";
    let concert = concert(&service.pool, &[row; 10], |_| {}).await;
    let client = Client::new();
    let early = service.person(&client).await;
    // In every row a pair, and a seat on its own, are left.
    for row in 1..=10 {
        let taken = [1, 2, 5, 6, 8, 9, 10].map(|seat| format!("{row}-{seat}"));
        let taken = taken.each_ref().map(String::as_str);
        assert_eq!(early.reserve(&concert, &row.to_string(), &taken).await.status(), 201);
    }
    let mut asking = JoinSet::new();
    for _ in 0..25 {
        let (person, concert) = (service.person(&client).await, concert.clone());
        asking.spawn(
            async move { person.reserve_best(&concert, "k", json!({ "quantity": 2 })).await },
        );
    }
    let (mut served, mut told) = (Vec::new(), 0);
    for answer in asking.join_all().await {
        match answer.status().as_u16() {
            201 => served.extend(given(answer).await),
            _ => {
                problem(answer, 409, "none-available").await;
                told += 1;
            }
        }
    }
    served.sort_by_key(|seat| {
        seat.split('-').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>()
    });
    let pairs: Vec<_> = (1..=10).flat_map(|row| [format!("{row}-3"), format!("{row}-4")]).collect();
    assert_eq!((served, told), (pairs, 15));
    let alone = early.reserve_best(&concert, "alone", json!({ "quantity": 1 })).await;
    assert!(given(alone).await[0].ends_with("-7"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_name_seats_and_those_who_do_not_cross_and_no_seat_is_given_twice() {
    let service = Service::start().await;
    let row = "####################";
    let concert = concert(&service.pool, &[row; 20], |_| {}).await;
    let client = Client::new();
    let mut asking = JoinSet::new();
    for buyer in 0..120_u32 {
        let (person, concert) = (service.person(&client).await, concert.clone());
        asking.spawn(async move {
            if buyer % 2 == 0 {
                let wish = json!({ "quantity": 2 });
                return (true, person.reserve_best(&concert, "k", wish).await);
            }
            // Just the seats that the others are given.
            let (row, place) = (1 + buyer % 6, 7 + buyer / 6 % 7);
            let seats = [format!("{row}-{place}"), format!("{row}-{}", place + 1)];
            (false, person.reserve(&concert, "k", &[&seats[0], &seats[1]]).await)
        });
    }
    let mut all = Vec::new();
    for (best, answer) in asking.join_all().await {
        match answer.status().as_u16() {
            201 => all.extend(given(answer).await),
            status => {
                assert!(!best, "there was room for everybody who takes what there is: {status}");
                problem(answer, 409, "seats-unavailable").await;
            }
        }
    }
    let given = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), given, "no seat twice");
    assert!(given >= 120 + 2);
}

/// The view is a moment late: what is split or strands a seat on what it knew before somebody asked may
/// not have to be.
#[tokio::test]
async fn nobody_is_split_while_seats_that_were_just_given_back_are_side_by_side() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 2, 4, &terms("night")).await;
    let reservations = &backend.reservations;
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    let taken = ids(&["2-2"]);
    reservations.reserve(UserId::new(), concert, "k", &taken).await.unwrap();
    let wish =
        WishText { quantity: 3, section: None, category: None, may_split: true, accessible: false };
    for round in 0..20 {
        let (one, two, key) = (UserId::new(), UserId::new(), round.to_string());
        let row = ids(&["1-1", "1-2", "1-3"]);
        let held = reservations.reserve(one, concert, &key, &row).await.unwrap();
        reservations.view().catch_up().await.unwrap();
        reservations.release(one, concert, held.reservation.id).await.unwrap();
        let best = reservations.reserve_best(two, concert, &key, &wish).await.unwrap();
        let seats = best.reservation.lines.seats.iter().map(|line| line.seat.0);
        assert!(
            seats.clone().all(|seat| seat < 4),
            "round {round}: {:?}",
            seats.collect::<Vec<_>>()
        );
        reservations.release(two, concert, best.reservation.id).await.unwrap();
    }
}
