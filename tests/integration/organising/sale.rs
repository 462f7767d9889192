use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use frontrow::domain::concert::SaleSwitch;
use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::organiser::Organiser;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::role::Role;
use frontrow::ledger;
use frontrow::reservations::ReservationError;
use frontrow::reservations::organising::SaleChange;
use jiff::{Timestamp, ToSpan};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::fixture::Organised;
use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::problem::problem;
use crate::support::{database, redis_db};

fn administrator() -> Organiser {
    Organiser { user: UserId::new(), role: Role::Admin, request_id: "a-request".into() }
}

async fn claim(backend: &Backend, concert: ConcertId, seat: &str) -> Result<(), Refusal> {
    let (user, seats) = (UserId::new(), [seat.to_owned()]);
    match backend.reservations.reserve(user, concert, "k", &seats).await {
        Ok(_) => Ok(()),
        Err(ReservationError::Refused { refusal, .. }) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_pause_on_one_instance_refuses_the_next_claim_on_another_and_keeps_holds() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    let there = buyer.at(&house.other.url);
    let held = house.hold(&there, &["1-1"]).await;
    for round in 2..7 {
        house.change_sale(json!({ "switch": "paused" })).await;
        let seat = format!("2-{round}");
        let refused = there.reserve(&house.concert, &seat, &[&seat]).await;
        problem(refused, 409, "sale-paused").await;
        house.change_sale(json!({ "switch": "open" })).await;
        assert_eq!(there.reserve(&house.concert, &seat, &[&seat]).await.status(), 201);
    }
    house.change_sale(json!({ "switch": "paused" })).await;
    assert_eq!(there.change(&house.concert, &held, "extend").await.status(), 200);
    assert_eq!(there.change(&house.concert, &held, "confirm").await.status(), 200);
    house.change_sale(json!({ "switch": "closed" })).await;
    problem(there.reserve(&house.concert, "k", &["3-1"]).await, 409, "sale-over").await;
    let seen = house.organiser.get(&format!("/v1/admin/concerts/{}", house.concert)).await;
    assert_eq!((&seen["switch"], &seen["sale_state"]), (&json!("closed"), &json!("closed")));
    assert_eq!(seen["version"], 13);
}

/// Neither instance hears of changes here: that the next claim is refused can only be because Redis
/// goes by the new terms before the answer.
#[tokio::test]
async fn what_is_answered_as_in_force_is_so_for_whoever_has_not_heard_of_it() {
    let (redis, database) = (redis_db().await, database().await);
    let here = Backend::idle(&redis, &database).await;
    let there = Backend::idle(&redis, &database).await;
    let concert = house::import(&here.pool, 1, 9, &terms("night")).await;
    here.reservations.verify().await.unwrap();
    there.reservations.verify().await.unwrap();
    assert_eq!(claim(&there, concert, "1-1").await, Ok(()));
    let change = async |change| {
        let done = here.reservations.change_sale(&administrator(), concert, change).await.unwrap();
        assert!(done.in_force);
    };
    change(SaleChange { switch: Some(SaleSwitch::Paused), ..SaleChange::default() }).await;
    assert_eq!(claim(&there, concert, "1-2").await, Err(Refusal::Paused));
    change(SaleChange { switch: Some(SaleSwitch::Open), ..SaleChange::default() }).await;
    assert_eq!(claim(&there, concert, "1-2").await, Ok(()));
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let opens_at = Some(now + 1.hour());
    change(SaleChange { opens_at, ..SaleChange::default() }).await;
    let opens_at = now + 1.hour();
    assert_eq!(claim(&there, concert, "1-3").await, Err(Refusal::NotYetOpen { opens_at }));
    change(SaleChange { opens_at: Some(now - 1.hour()), ..SaleChange::default() }).await;
    assert_eq!(claim(&there, concert, "1-3").await, Ok(()));
}

#[tokio::test]
async fn a_change_that_redis_cannot_take_is_kept_and_follows() {
    let (redis, database) = (redis_db().await, database().await);
    // Nobody has verified Redis for this one, which is as good as not having it.
    let cut_off = Backend::idle(&redis, &database).await;
    let there = Backend::on(&redis, &database).await;
    let concert = house::import(&there.pool, 1, 9, &terms("night")).await;
    assert_eq!(claim(&there, concert, "1-1").await, Ok(()));
    let pause = SaleChange { switch: Some(SaleSwitch::Paused), ..SaleChange::default() };
    let done = cut_off.reservations.change_sale(&administrator(), concert, pause).await.unwrap();
    assert!(!done.in_force);
    let stored = ledger::concerts::load(&there.pool, concert).await.unwrap().unwrap();
    assert_eq!((stored.switch, stored.version), (SaleSwitch::Paused, 2));
    let begun = Instant::now();
    for seat in 2.. {
        match claim(&there, concert, &format!("1-{}", 2 + seat % 8)).await {
            Err(Refusal::Paused) => break,
            Ok(()) | Err(Refusal::Unavailable { .. }) => {}
            other => panic!("{other:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody heard of the change");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!("it was in force after {:?}", begun.elapsed());
}

#[tokio::test]
async fn the_opening_moves_both_ways_while_people_wait() {
    let house = Organised::with(20, 20, |terms| {
        let in_an_hour = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + 1.hour();
        terms["sale"] = json!({ "opens_at": in_an_hour.to_string() });
    })
    .await;
    let house = Arc::new(house);
    let over = Arc::new(AtomicBool::new(false));
    let mut waiting = JoinSet::new();
    for row in 1..=20 {
        let (house, over) = (Arc::clone(&house), Arc::clone(&over));
        waiting.spawn(async move {
            let buyer =
                house
                    .buyer()
                    .await
                    .at(if row % 2 == 0 { &house.one } else { &house.other }.url.as_str());
            let (mut served, mut seat) = (0, 1);
            while !over.load(Ordering::Relaxed) && seat <= 20 {
                let seat_id = format!("{row}-{seat}");
                let answer = buyer.reserve(&house.concert, &seat_id, &[&seat_id]).await;
                match answer.status().as_u16() {
                    201 => {
                        let held: Value = answer.json().await.unwrap();
                        let id = held["id"].as_str().unwrap();
                        let path = format!("/v1/concerts/{}/reservations/{id}", house.concert);
                        buyer.request(Method::DELETE, &path).send().await.unwrap();
                        (served, seat) = (served + 1, seat + 1);
                    }
                    _ => drop(problem(answer, 409, "not-on-sale").await),
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            served
        });
    }
    let probe = house.buyer().await.at(&house.other.url);
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    for (round, sooner) in [true, false, true].into_iter().enumerate() {
        let to = if sooner { now - 1.hour() } else { now + 2.hours() };
        house.change_sale(json!({ "opens_at": to.to_string() })).await;
        let (key, seat) = (format!("p{round}"), format!("20-{}", 18 + round));
        let answer = probe.reserve(&house.concert, &key, &[&seat]).await;
        if sooner && answer.status() == 409 {
            // An instance that has not loaded the concert goes by what it has heard.
            problem(answer, 409, "not-on-sale").await;
            until_open(&probe, &house.concert, &key, &seat).await;
        } else if sooner {
            assert_eq!(answer.status(), 201);
        } else {
            let refused = problem(answer, 409, "not-on-sale").await;
            assert_eq!(refused["opens_at"], to.to_string());
        }
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    over.store(true, Ordering::Relaxed);
    let served = waiting.join_all().await;
    assert!(served.iter().all(|&served| served > 0), "{served:?}");
}

/// Within a second, as whoever has heard of a change knows of it.
async fn until_open(probe: &crate::support::service::Person, concert: &str, key: &str, seat: &str) {
    for _ in 0..400 {
        if probe.reserve(concert, key, &[seat]).await.status() == 201 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the sale was not open within ten seconds");
}

#[tokio::test]
async fn a_sale_that_would_end_before_it_begins_or_is_no_sale_is_refused() {
    let house = Organised::open().await;
    let patch = async |patch: Value| {
        house.organiser.request(Method::PATCH, &house.at("sale")).json(&patch).send().await.unwrap()
    };
    let before = house.organiser.get(&format!("/v1/admin/concerts/{}", house.concert)).await;
    let time = (422, "unsuitable-time");
    let shape = (400, "invalid-request");
    for (wrong, (status, slug)) in [
        (json!({ "opens_at": "2999-01-01T00:00:00Z" }), time),
        (json!({ "closes_at": "2001-01-01T00:00:00Z" }), time),
        (json!({ "opens_at": "tomorrow" }), time),
        (json!({ "opens_at": "2027-02-30T00:00:00Z" }), time),
        (json!({ "switch": "ajar" }), shape),
        (json!({ "open_at": "2027-01-01T00:00:00Z" }), shape),
    ] {
        let refused = problem(patch(wrong).await, status, slug).await;
        assert!(refused["errors"][0]["pointer"].as_str().unwrap().starts_with('#'), "{refused}");
    }
    // Nothing to change changes nothing.
    for nothing in [json!({}), json!({ "switch": "open" })] {
        assert_eq!(patch(nothing).await.status(), 200);
    }
    let after = house.organiser.get(&format!("/v1/admin/concerts/{}", house.concert)).await;
    assert_eq!(before, after);
    let changes = house.organiser.get(&house.at("changes")).await;
    assert_eq!(changes["items"].as_array().unwrap().len(), 1, "that it was made");
}
