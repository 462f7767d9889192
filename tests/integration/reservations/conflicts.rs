use std::time::Duration;

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::ledger;
use frontrow::reservations::ReservationError;

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

#[tokio::test]
async fn a_seat_that_two_halves_sold_is_the_firsts_and_the_second_is_told_and_compensated() {
    let (winner, loser, concert) = split().await;
    let (first, second) = (UserId::new(), UserId::new());
    let seats = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();

    // Both hold before either is persisted, so that neither Redis knows of the other's sale.
    let late = loser
        .reservations
        .reserve(second, concert, "k", &seats(&["1-2", "1-3"]))
        .await;
    let late = late.unwrap().reservation.id;
    let early = winner
        .reservations
        .reserve(first, concert, "k", &seats(&["1-2"]))
        .await
        .unwrap();
    let early = early.reservation.id;
    assert!(
        winner
            .reservations
            .confirm(first, concert, early, WAIT)
            .await
            .unwrap()
            .persisted
    );
    loser
        .reservations
        .confirm(second, concert, late, None)
        .await
        .unwrap();
    winner.stop().await;

    let concert_row = ledger::concerts::load(&loser.pool, concert)
        .await
        .unwrap()
        .unwrap();
    let partition = concert_row.partition;
    let mut writer = loser.reservations.start_writer(partition).await.unwrap();
    let mut conflicts = 0;
    loop {
        let step = loser.reservations.persist_batch(&mut writer).await.unwrap();
        conflicts += step.conflicts;
        if step.entries == 0 {
            break;
        }
    }
    assert_eq!(conflicts, 1);
    assert_eq!(
        loser
            .reservations
            .compensate_conflicts(partition)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        loser
            .reservations
            .compensate_conflicts(partition)
            .await
            .unwrap(),
        0
    );

    let told = loser
        .reservations
        .find(second, concert, late)
        .await
        .unwrap()
        .reservation;
    assert_eq!(
        (told.state, told.cause),
        (State::Cancelled, Cause::Conflict)
    );
    let states = loser
        .reservations
        .availability(concert)
        .await
        .unwrap()
        .states;
    assert_eq!(
        states.get(SeatNumber(1)),
        SeatState::Sold,
        "the winner's seat stays sold"
    );
    assert_eq!(
        states.get(SeatNumber(2)),
        SeatState::Available,
        "the loser's other seat is free"
    );
    let again = loser
        .reservations
        .confirm(second, concert, late, WAIT)
        .await;
    let Err(ReservationError::Refused { refusal, .. }) = again else {
        panic!("{again:?}")
    };
    assert_eq!(
        refusal,
        Refusal::WrongState {
            state: State::Cancelled
        }
    );
    let row = ledger::reservations::find(&loser.pool, early)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.state, State::Confirmed);
}
