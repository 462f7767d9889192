//! Refusing without asking Redis: never what could be granted, beyond a bound that is stated.

use std::time::Duration;

use frontrow::domain::concert::Concert;
use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::seat::SeatNumber;
use frontrow::inventory::view::STALE_AFTER;
use frontrow::reservations::ReservationError;
use tokio::time::sleep;

use super::Watcher;
use crate::support::backend::Backend;
use crate::support::hot::{Hot, concert};
use crate::support::house::{self, terms};

const NONE: [u32; 0] = [];

/// The seats of these that the view would refuse to a reservation.
fn refused(watcher: &Watcher, hot: &Hot, id: ReservationId, seats: &[u32]) -> Vec<u32> {
    let place = (hot.concert.partition, hot.concert.id);
    let seats: Vec<_> = seats.iter().copied().map(SeatNumber).collect();
    let taken = watcher.view.surely_taken(place, hot.capacity, id, &seats);
    taken.into_iter().map(|seat| seat.0).collect()
}

#[tokio::test]
async fn what_others_have_is_refused_and_what_one_has_oneself_is_asked_for_again() {
    let hot = Hot::new(8).await;
    let mut watcher = Watcher::of(&hot);
    let (mine, stranger) = (hot.hold(UserId::new(), &[0, 1]).await, ReservationId::new());
    let sold = hot.hold(UserId::new(), &[2]).await;
    hot.confirm(sold).await.unwrap();
    assert_eq!(refused(&watcher, &hot, stranger, &[0]), NONE, "nobody has looked yet");
    watcher.look(&hot).await.unwrap();
    assert_eq!(refused(&watcher, &hot, stranger, &[0, 2, 3]), [0, 2]);
    assert_eq!(refused(&watcher, &hot, stranger, &[3, 4]), NONE);
    assert_eq!(refused(&watcher, &hot, mine.id, &[0, 1]), NONE, "the answer it had may be lost");
    assert_eq!(refused(&watcher, &hot, mine.id, &[1, 2]), NONE, "its key may be used otherwise");
    hot.release(mine).await.unwrap();
    watcher.look(&hot).await.unwrap();
    assert_eq!(refused(&watcher, &hot, stranger, &[0, 1]), NONE);
}

#[tokio::test]
async fn a_hold_that_is_about_to_end_refuses_nobody() {
    let hot = Hot::with(4, Concert { hold_seconds: 1, ..concert() }).await;
    let mut watcher = Watcher::of(&hot);
    hot.hold(UserId::new(), &[0]).await;
    watcher.look(&hot).await.unwrap();
    assert_eq!(refused(&watcher, &hot, ReservationId::new(), &[0]), NONE);
}

#[tokio::test]
async fn a_view_that_is_behind_refuses_nobody() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    let held = hot.hold(UserId::new(), &[0]).await;
    watcher.look(&hot).await.unwrap();
    assert_eq!(refused(&watcher, &hot, ReservationId::new(), &[0]), [0]);
    let released = hot.release(held).await.unwrap();
    assert_eq!(released.reservation.lines.seats.len(), 1);
    let last = hot.log().await.last().unwrap().position;
    watcher.view.gave_back(hot.concert.id, last);
    assert_eq!(
        refused(&watcher, &hot, ReservationId::new(), &[0]),
        NONE,
        "this process gave it back"
    );
    hot.hold(UserId::new(), &[0]).await;
    watcher.look(&hot).await.unwrap();
    assert_eq!(refused(&watcher, &hot, ReservationId::new(), &[0]), [0]);
    sleep(STALE_AFTER + Duration::from_millis(20)).await;
    assert_eq!(refused(&watcher, &hot, ReservationId::new(), &[0]), NONE, "nobody has read since");
}

/// Through the use cases: what a process gave back, the next who asks it gets, however far the view is
/// behind; what is refused meanwhile is what somebody has.
#[tokio::test]
async fn a_seat_that_was_given_back_here_is_there_for_the_next_at_once() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let seats = ["1-2".to_owned()];
    let reservations = &backend.reservations;
    for round in 0..40 {
        let (user, key) = (UserId::new(), round.to_string());
        let held = reservations.reserve(user, concert, &key, &seats).await.unwrap();
        if round % 2 == 0 {
            reservations.view().catch_up().await.unwrap();
        }
        let again = reservations.reserve(user, concert, &key, &seats).await.unwrap();
        assert_eq!((again.reservation.id, again.replayed), (held.reservation.id, true));
        let other = reservations.reserve(UserId::new(), concert, &key, &seats).await;
        let Err(ReservationError::Refused { refusal, conflicts }) = other else {
            panic!("{other:?}")
        };
        assert!(matches!(refusal, Refusal::Unavailable { .. }), "{refusal:?}");
        assert_eq!(conflicts.seats, seats);
        reservations.release(user, concert, held.reservation.id).await.unwrap();
    }
}
