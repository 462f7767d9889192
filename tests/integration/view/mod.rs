//! The view: what one process knows of seats, held against what Redis says.

mod following;
mod keeping_up;

use std::time::Duration;

use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::view::{Reader, Seats, View};

use crate::support::hot::Hot;

/// A view that is brought up to date when the test says so.
struct Watcher {
    view: View,
    reader: Reader,
}

impl Watcher {
    fn of(hot: &Hot) -> Self {
        let view = View::new(hot.inventory.clone());
        let reader = view.reader();
        Self { view, reader }
    }

    /// What the view has of a concert after one more reading, and the seats that can be claimed; none
    /// when it is not loaded.
    async fn look(&mut self, hot: &Hot) -> Option<(Seats, Vec<u32>)> {
        self.reader.read().await.unwrap();
        let show = |seats: &Seats, now_ms| {
            let free = seats.free_at(now_ms).stretches(0..hot.capacity).flatten().collect();
            (seats.clone(), free)
        };
        let place = (hot.concert.partition, hot.concert.id);
        let look = self.view.look(place, hot.capacity, |sight| show(sight.seats, sight.now_ms));
        // The first look at a concert waits for the reading after it.
        let read = async {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.reader.read().await.unwrap();
            }
        };
        tokio::select! {
            biased;
            seen = look => seen.unwrap(),
            () = read => unreachable!(),
        }
    }

    /// Holds what the view has, after one more reading, against what Redis says.
    async fn assert_right(&mut self, hot: &Hot) -> Seats {
        let (seats, free) = self.look(hot).await.unwrap();
        let states = hot.states().await;
        assert_eq!(states_of(&seats, hot.capacity), states);
        let available =
            (0..hot.capacity).filter(|&seat| states[seat as usize] == SeatState::Available);
        let missing = available.filter(|seat| !free.contains(seat)).collect::<Vec<_>>();
        assert!(missing.is_empty(), "{missing:?} are available, and not free");
        seats
    }
}

fn states_of(seats: &Seats, capacity: u32) -> Vec<SeatState> {
    (0..capacity).map(|seat| seats.states().get(SeatNumber(seat))).collect()
}
