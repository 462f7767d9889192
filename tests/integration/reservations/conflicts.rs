use std::time::Duration;

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::Own;
use frontrow::ledger;
use frontrow::reservations::{PersistError, ReservationError};

use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

const WAIT: Option<Duration> = Some(Duration::from_secs(8));

/// Two instances over one PostgreSQL, each with a Redis of its own that knows nothing of the other:
/// the worst that a split network can do.
async fn split() -> (Backend, Backend, ConcertId) {
    let (url, one, other) = (database().await, redis_db().await, redis_db().await);
    let winner = Backend::on(&one, &url).await;
    let loser = Backend::idle(&other, &url).await;
    loser.reservations.verify().await.unwrap_or(());
    let concert = house::import(&winner.pool, 1, 5, &terms("night")).await;
    (winner, loser, concert)
}

/// Both hold the second seat before either is persisted, so that neither Redis knows of the other's
/// sale; then the winner's is persisted and the loser's confirmed.
async fn sell_twice(winner: &Backend, loser: &Backend, concert: ConcertId) -> (Own, Own) {
    let seats = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let (first, second) = (UserId::new(), UserId::new());
    let late = loser.reservations.reserve(second, concert, "k", &seats(&["1-2", "1-3"])).await;
    let late = Own { id: late.unwrap().reservation.id, user: second };
    let early = winner.reservations.reserve(first, concert, "k", &seats(&["1-2"])).await;
    let early = Own { id: early.unwrap().reservation.id, user: first };
    let won = winner.reservations.confirm(first, concert, early.id, WAIT).await.unwrap();
    assert!(won.persisted);
    loser.reservations.confirm(second, concert, late.id, None).await.unwrap();
    (early, late)
}

#[tokio::test]
async fn a_seat_that_two_halves_sold_is_the_firsts_and_the_second_is_told_and_compensated() {
    let (winner, loser, concert) = split().await;
    let (early, late) = sell_twice(&winner, &loser, concert).await;
    winner.stop().await;
    let performance = ledger::concerts::load(&loser.pool, concert).await.unwrap().unwrap();
    let partition = performance.partition;
    let reservations = &loser.reservations;
    let mut writer = reservations.start_writer(partition).await.unwrap();
    let refused = reservations.persist_batch(&mut writer).await;
    assert!(matches!(refused, Err(PersistError::AnotherLog)), "{refused:?}");
    assert!(!reservations.gate().is_open(), "it waits to be looked at");
    reservations.verify().await.unwrap();
    let mut writer = reservations.start_writer(partition).await.unwrap();
    assert_eq!(reservations.compensate(&mut writer).await.unwrap(), 1);
    assert_eq!(reservations.compensate(&mut writer).await.unwrap(), 0);

    let told = reservations.find(late.user, concert, late.id).await.unwrap().reservation;
    assert_eq!((told.state, told.cause), (State::Cancelled, Cause::Conflict));
    let states = reservations.availability(concert).await.unwrap().states;
    assert_eq!(states.get(SeatNumber(1)), SeatState::Sold, "the winner's seat stays sold");
    assert_eq!(states.get(SeatNumber(2)), SeatState::Available, "the loser's other seat is free");
    let again = reservations.confirm(late.user, concert, late.id, WAIT).await;
    let Err(ReservationError::Refused { refusal, .. }) = again else { panic!("{again:?}") };
    assert_eq!(refusal, Refusal::WrongState { state: State::Cancelled });
    let row = ledger::reservations::find(&loser.pool, early.id).await.unwrap().unwrap();
    assert_eq!(row.state, State::Confirmed);
}
