//! How far behind the view may be, and what happens when it falls further.

use std::time::Duration;

use frontrow::domain::ids::UserId;
use frontrow::domain::seat::SeatNumber;
use frontrow::inventory::view::{STALE_AFTER, ViewError};
use tokio::time::{Instant, sleep};

use super::Watcher;
use crate::support::backend::Backend;
use crate::support::hot::Hot;
use crate::support::house::{self, terms};

#[tokio::test]
async fn a_view_that_nobody_brings_up_to_date_answers_nobody() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    watcher.look(&hot).await.unwrap();
    let place = (hot.concert.partition, hot.concert.id);
    sleep(STALE_AFTER + Duration::from_millis(20)).await;
    let seen = watcher.view.look(place, 4, |_| ()).await;
    assert_eq!(seen, Err(ViewError::Behind));
    assert_eq!(watcher.view.catch_up().await, Err(ViewError::Behind));
    watcher.look(&hot).await.expect("it goes on where it was");
}

#[tokio::test]
async fn changes_are_seen_soon_and_all_of_them_after_catching_up() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 4, 50, &terms("night")).await;
    let view = backend.reservations.view();
    let partition = concert.partition(16);
    let place = (partition, concert);
    let mut lags = Vec::new();
    for (number, seat) in house::seat_ids(4, 50).into_iter().enumerate() {
        let holder = || async {
            let seen = view.look(place, 200, |sight| sight.seats.holder(SeatNumber(number as u32)));
            seen.await.unwrap().flatten()
        };
        let (user, seats) = (UserId::new(), [seat]);
        let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
        let began = Instant::now();
        if number % 2 == 0 {
            view.catch_up().await.unwrap();
            assert_eq!(holder().await, Some(held.reservation.id), "caught up, and {number} is new");
            continue;
        }
        while holder().await != Some(held.reservation.id) {
            assert!(began.elapsed() < Duration::from_secs(5), "seat {number} was never seen");
            sleep(Duration::from_millis(1)).await;
        }
        lags.push(began.elapsed());
    }
    lags.sort_unstable();
    println!("seen after {:?} (median), {:?} (p99)", lags[50], lags[98]);
}

#[tokio::test]
async fn a_concert_that_is_loaded_after_somebody_looked_is_found_the_next_time() {
    let backend = Backend::start().await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let view = backend.reservations.view();
    let place = (concert.partition(16), concert);
    assert!(view.look(place, 5, |_| ()).await.unwrap().is_none());
    let seats = ["1-2".to_owned()];
    let held = backend.reservations.reserve(UserId::new(), concert, "k", &seats).await.unwrap();
    let holder = view.look(place, 5, |sight| sight.seats.holder(SeatNumber(1))).await.unwrap();
    assert_eq!(holder, Some(Some(held.reservation.id)));
}
