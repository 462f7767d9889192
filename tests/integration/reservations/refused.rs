//! Sales that PostgreSQL refuses for what they are: taken back at once, and nobody is told otherwise.

use std::time::Duration;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::ledger;
use frontrow::reservations::ReservationError;

use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db, refuse};

const WAIT: Option<Duration> = Some(Duration::from_secs(8));
const CANCELLED: Refusal = Refusal::WrongState { state: State::Cancelled };

/// Somebody's hold of two seats.
async fn hold(backend: &Backend, concert: ConcertId) -> (UserId, ReservationId) {
    let (user, seats) = (UserId::new(), ["1-2".to_owned(), "1-3".to_owned()]);
    let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    (user, held.reservation.id)
}

/// Confirms, waiting for PostgreSQL, and is told that the sale is cancelled.
async fn confirm_in_vain(backend: &Backend, concert: ConcertId, own: (UserId, ReservationId)) {
    let told = backend.reservations.confirm(own.0, concert, own.1, WAIT).await;
    let Err(ReservationError::Refused { refusal, .. }) = told else { panic!("{told:?}") };
    assert_eq!(refusal, CANCELLED);
}

/// Waits until Redis has cancelled a reservation.
async fn until_cancelled(backend: &Backend, concert: ConcertId, own: (UserId, ReservationId)) {
    for _ in 0..400 {
        let found = backend.reservations.find(own.0, concert, own.1).await.unwrap().reservation;
        if found.state == State::Cancelled {
            assert_eq!(found.cause, Cause::Refused);
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("Redis had not cancelled the sale within ten seconds");
}

#[tokio::test]
async fn a_sale_that_postgresql_refuses_is_cancelled_and_known_as_that_after_a_rebuild() {
    let database = database().await;
    let backend = Backend::on(&redis_db().await, &database).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    refuse(&backend.pool, "reservation_seats", "seat <> 2").await;
    let refused = hold(&backend, concert).await;
    confirm_in_vain(&backend, concert, refused).await;
    until_cancelled(&backend, concert, refused).await;
    confirm_in_vain(&backend, concert, refused).await;
    let states = backend.reservations.availability(concert).await.unwrap().states;
    assert_eq!([1, 2].map(|seat| states.get(SeatNumber(seat))), [SeatState::Available; 2]);
    let row = ledger::reservations::find(&backend.pool, refused.1).await.unwrap().unwrap();
    assert_eq!((row.state, row.cause), (State::Cancelled, Cause::Refused));

    let (other, one) = (UserId::new(), ["1-2".to_owned()]);
    let held = backend.reservations.reserve(other, concert, "k", &one).await.unwrap();
    let id = held.reservation.id;
    let sold = backend.reservations.confirm(other, concert, id, WAIT).await.unwrap();
    assert!(sold.persisted, "nobody else pays for it");

    backend.stop().await;
    let rebuilt = Backend::on(&redis_db().await, &database).await;
    let seats = ["1-2".to_owned(), "1-3".to_owned()];
    let again = rebuilt.reservations.reserve(refused.0, concert, "k", &seats).await.unwrap();
    assert!(again.replayed, "its key still finds it");
    let found = again.reservation;
    assert_eq!((found.state, found.cause), (State::Cancelled, Cause::Refused));
}

#[tokio::test]
async fn a_sale_of_which_postgresql_takes_nothing_is_cancelled_all_the_same() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    refuse(&backend.pool, "reservations", "false").await;
    let refused = hold(&backend, concert).await;
    confirm_in_vain(&backend, concert, refused).await;
    until_cancelled(&backend, concert, refused).await;
    let row = ledger::reservations::find(&backend.pool, refused.1).await.unwrap();
    assert_eq!(row, None);
    let letters = "SELECT count(*) FROM dead_letters WHERE compensated_at IS NOT NULL";
    for _ in 0..400 {
        let kept: i64 = sqlx::query_scalar(letters).fetch_one(&backend.pool).await.unwrap();
        if kept == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the dead letter did not say that the sale was taken back within ten seconds");
}

/// Redis could lose the cancellation before PostgreSQL has it, and then nobody would ask for it again.
#[tokio::test]
async fn a_sale_is_owed_until_postgresql_has_that_it_was_taken_back() {
    let backend = Backend::idle(&redis_db().await, &database().await).await;
    let reservations = &backend.reservations;
    reservations.verify().await.unwrap();
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    refuse(&backend.pool, "reservation_seats", "seat <> 2").await;
    let (user, id) = hold(&backend, concert).await;
    reservations.confirm(user, concert, id, None).await.unwrap();
    let partition =
        ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap().partition;
    let mut writer = reservations.start_writer(partition).await.unwrap();
    let mut stale = reservations.start_writer(partition).await.unwrap();
    assert_eq!(reservations.persist_batch(&mut writer).await.unwrap().refused, 1);

    reservations.compensate(&mut stale).await.unwrap_err();
    until_cancelled(&backend, concert, (user, id)).await;
    let owed = ledger::refused_sales::uncompensated(&backend.pool, partition).await.unwrap();
    assert_eq!(owed.len(), 1, "cancelled in Redis alone");
    assert_eq!(reservations.compensate(&mut writer).await.unwrap(), 1);
    let owed = ledger::refused_sales::uncompensated(&backend.pool, partition).await.unwrap();
    assert_eq!(owed, []);
    let last = backend.inventory.last_position(partition).await.unwrap();
    assert_eq!(writer.position(), last, "PostgreSQL has all of the log");
}
