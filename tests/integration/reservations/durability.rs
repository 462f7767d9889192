use std::time::{Duration, Instant};

use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::ledger;
use frontrow::reservations::ReservationError;
use serde_json::json;

use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::proxy::Proxy;
use crate::support::{database, redis_db, servers};

const WAIT: Option<Duration> = Some(Duration::from_secs(8));

#[tokio::test]
async fn a_confirmed_reservation_reaches_postgresql_with_owner_seats_prices_and_times() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 2, 5, &terms("night")).await;
    let user = UserId::new();
    let seats = ["1-4".to_owned(), "1-5".to_owned()];
    let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    let id = held.reservation.id;
    let confirmed = backend.reservations.confirm(user, concert, id, WAIT).await.unwrap();
    assert!(confirmed.persisted);
    let row = ledger::reservations::find(&backend.pool, id).await.unwrap().unwrap();
    assert_eq!(row, confirmed.answer.reservation, "PostgreSQL has what Redis answered");
    assert_eq!(row.lines.total_minor(), u64::from(2 * house::PRICE_MINOR));

    let cancelled = backend.reservations.cancel(user, concert, id).await.unwrap();
    assert_eq!(cancelled.reservation.state, State::Cancelled);
    for _ in 0..200 {
        let row = ledger::reservations::find(&backend.pool, id).await.unwrap().unwrap();
        if row == cancelled.reservation {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the cancellation did not reach PostgreSQL within five seconds");
}

#[tokio::test]
async fn only_what_was_confirmed_reaches_postgresql() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let user = UserId::new();
    let reservations = &backend.reservations;
    let one = ["1-1".to_owned()];
    let released = reservations.reserve(user, concert, "a", &one).await.unwrap().reservation.id;
    reservations.release(user, concert, released).await.unwrap();
    let held = reservations.reserve(user, concert, "b", &one).await.unwrap().reservation.id;
    reservations.confirm(user, concert, held, WAIT).await.unwrap();
    assert!(ledger::reservations::find(&backend.pool, released).await.unwrap().is_none());
    assert!(ledger::reservations::find(&backend.pool, held).await.unwrap().is_some());
}

#[tokio::test]
async fn a_writer_that_comes_late_persists_what_it_missed_and_two_at_once_are_harmless() {
    let backend = Backend::idle(&redis_db().await, &database().await).await;
    let concert = house::import(&backend.pool, 10, 10, &terms("night")).await;
    let reservations = &backend.reservations;
    reservations.verify().await.unwrap();
    let mut ids = Vec::new();
    for seat in house::seat_ids(10, 10) {
        let user = UserId::new();
        let held = reservations.reserve(user, concert, "k", &[seat]).await.unwrap();
        let id = held.reservation.id;
        let confirmed = reservations.confirm(user, concert, id, None).await.unwrap();
        assert!(!confirmed.persisted);
        ids.push(id);
    }
    let partition = held_partition(&backend, concert).await;
    let write = async || {
        let mut writer = reservations.start_writer(partition).await.unwrap();
        while reservations.persist_batch(&mut writer).await.is_ok_and(|step| step.entries > 0) {}
    };
    tokio::join!(write(), write(), write());
    write().await;
    for id in ids {
        let row = ledger::reservations::find(&backend.pool, id).await.unwrap();
        assert_eq!(row.map(|row| row.state), Some(State::Confirmed));
    }
}

#[tokio::test]
async fn nobody_but_the_organiser_confirms_what_a_merchant_confirms() {
    let backend = Backend::start().await;
    let mut terms = terms("night");
    terms["confirm"] = json!("merchant");
    let concert = house::import(&backend.pool, 1, 5, &terms).await;
    let user = UserId::new();
    let seats = ["1-1".to_owned()];
    let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    let refused = backend.reservations.confirm(user, concert, held.reservation.id, None).await;
    assert!(matches!(refused, Err(ReservationError::ConfirmedByMerchant)), "{refused:?}");
}

#[tokio::test]
async fn a_sale_is_found_and_its_key_remembered_although_redis_has_forgotten_it() {
    let database = database().await;
    let backend = Backend::on(&redis_db().await, &database).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let (user, stranger) = (UserId::new(), UserId::new());
    let reservations = &backend.reservations;
    let seats = ["1-1".to_owned()];
    let held = reservations.reserve(user, concert, "k", &seats).await.unwrap();
    let id = held.reservation.id;
    let sold = reservations.confirm(user, concert, id, WAIT).await.unwrap().answer.reservation;

    let elsewhere = Backend::on(&redis_db().await, &database).await;
    let found = elsewhere.reservations.find(user, concert, id).await.unwrap();
    assert_eq!(found.reservation, sold);
    let again = elsewhere.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    assert_eq!((again.replayed, again.reservation), (true, sold));
    let foreign = elsewhere.reservations.find(stranger, concert, id).await;
    let Err(ReservationError::Refused { refusal, .. }) = foreign else { panic!("{foreign:?}") };
    assert_eq!(refusal, Refusal::NotFound);
}

#[tokio::test]
async fn whoever_waits_for_a_postgresql_that_hangs_waits_no_longer_than_asked() {
    let (redis, database) = (redis_db().await, database().await);
    let port = servers().await.postgres.port();
    let proxy = Proxy::before(port).await;
    let backend = Backend::on(&redis, &proxy.on_the_way(&database, port)).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let user = UserId::new();
    let seats = ["1-1".to_owned()];
    let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    proxy.freeze(true);
    let asked = Instant::now();
    let wait = Some(Duration::from_millis(500));
    let confirmed = backend.reservations.confirm(user, concert, held.reservation.id, wait).await;
    assert!(!confirmed.unwrap().persisted);
    // The pool alone would wait two seconds for a connection, and without an end for an answer.
    assert!(asked.elapsed() < Duration::from_millis(1_900), "{:?}", asked.elapsed());
}

async fn held_partition(backend: &Backend, concert: frontrow::domain::ids::ConcertId) -> u16 {
    let concert = ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap();
    concert.partition
}
