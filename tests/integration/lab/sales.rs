//! What each way promises, it keeps; and the one that promises nothing shows why.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum as _;
use frontrow::lab::{Fault, Measurement, Name, Workload};

use super::{servers, workload};

const SEATS: u32 = 40;
const USERS: u32 = 60;

/// Sells a house with lock nodes at hand.
async fn try_to_sell(name: Name, workload: &Workload) -> anyhow::Result<Measurement> {
    let mut servers = servers(if name == Name::Redlock { 3 } else { 0 }).await;
    let answered = AtomicU32::new(0);
    let count = || {
        answered.fetch_add(1, Ordering::Relaxed);
    };
    let measured = servers.sell(name, workload, count).await;
    servers.close().await.unwrap();
    if measured.is_ok() {
        assert_eq!(answered.into_inner(), workload.users, "everybody is answered");
    }
    measured
}

async fn sell(name: Name, workload: &Workload) -> Measurement {
    try_to_sell(name, workload).await.unwrap()
}

fn assert_sold_out(measured: &Measurement) {
    let Measurement { strategy, calls_ok, seats_claimed, .. } = measured;
    assert_eq!((*calls_ok, *seats_claimed), (measured.seats, measured.seats), "{strategy}");
    assert_eq!((measured.double_booked, measured.unsold), (0, 0), "{strategy}");
}

#[tokio::test]
async fn naive_sells_a_seat_to_many() {
    let measured = sell(Name::Naive, &workload(SEATS, USERS)).await;
    assert!(measured.double_booked > 0, "{measured:?}");
    assert_eq!(i64::from(measured.calls_ok - measured.seats_claimed), measured.double_booked);
    assert_eq!(measured.broken_promise(), None, "it promises nothing");
}

#[tokio::test]
async fn every_other_way_tells_exactly_those_that_have_a_seat() {
    let others = Name::value_variants().iter().filter(|name| !name.may_double_book());
    let mut wrong = Vec::new();
    for &name in others {
        match try_to_sell(name, &workload(SEATS, USERS)).await {
            Ok(measured) => wrong.extend(what_is_wrong(&measured)),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn what_is_wrong(measured: &Measurement) -> Option<String> {
    let Measurement { strategy, calls_ok, seats_claimed, unsold, .. } = *measured;
    let sold = if strategy.leaves_none_unsold() { SEATS..=SEATS } else { 1..=SEATS };
    let as_told = calls_ok == seats_claimed && measured.double_booked == 0;
    let right = as_told && sold.contains(&seats_claimed) && unsold == SEATS - seats_claimed;
    let promise = measured.broken_promise();
    (!right || promise.is_some()).then(|| format!("{strategy}: {promise:?}, {measured:?}"))
}

#[tokio::test]
async fn whoever_comes_alone_is_never_turned_away() {
    for &name in Name::value_variants() {
        let measured = sell(name, &workload(3, 1)).await;
        assert_eq!((measured.calls_ok, measured.seats_claimed), (1, 1), "{name}");
        assert_eq!(measured.unsold, 0, "{name} turned nobody away");
    }
}

#[tokio::test]
async fn locks_go_on_without_one_of_three_nodes() {
    for fault in [Fault::Killed, Fault::Paused] {
        let workload = Workload { fault: Some(fault), ..workload(SEATS, USERS) };
        assert_sold_out(&sell(Name::Redlock, &workload).await);
    }
}

#[tokio::test]
async fn a_lock_that_outlived_its_validity_sells_nothing() {
    // Nobody else is there, and still: what the stopped holder writes is refused; it then buys anew.
    let alone = Workload { stalled_holders: 1, ..workload(1, 1) };
    let measured = sell(Name::Redlock, &alone).await;
    assert_sold_out(&measured);
    assert!(measured.remark.contains(" 1 sales refused by the fence"), "{}", measured.remark);
    // Others are there, have taken the seats meanwhile, and keep them.
    let crowd = Workload { stalled_holders: 5, ..workload(8, 20) };
    let measured = sell(Name::Redlock, &crowd).await;
    assert_sold_out(&measured);
    assert!(measured.remark.contains(" 5 sales refused by the fence"), "{}", measured.remark);
}

#[tokio::test]
async fn a_broken_promise_is_said() {
    let mut measured = sell(Name::Optimistic, &workload(2, 1)).await;
    measured.double_booked = 3;
    let said = measured.broken_promise().unwrap();
    assert_eq!(said, "optimistic told 3 people too many that they have a seat");
    (measured.double_booked, measured.unsold) = (0, 7);
    assert_eq!(measured.broken_promise(), None, "it does leave seats");
    measured.strategy = Name::Lua;
    let said = measured.broken_promise().unwrap();
    assert_eq!(said, "lua left 7 seats and turned people away");
}
