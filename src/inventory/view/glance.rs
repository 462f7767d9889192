//! What is sure enough to be refused without asking Redis.
//!
//! In a rush nine claims in ten are for a seat that somebody has. Here most of them end, at the price
//! of a look into memory. Only a refusal can come from here; who gets a seat, only the scripts say.

use std::time::Duration;

use super::follow::Following;
use super::{STALE_AFTER, View};
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::position::Position;
use crate::domain::seat::{SeatNumber, SeatState};

/// A hold that may end within this time is nothing to refuse anybody for.
pub const SURE_FOR: Duration = Duration::from_secs(1);

impl View {
    /// Those of some seats that the reservation `id` cannot have: sold, blocked, or held by another
    /// for at least [`SURE_FOR`]. None if it has any of them itself, because then it is asking again;
    /// and none while that is not known, or may have changed by what this process has done.
    ///
    /// A seat that is given back through another process is refused for as long as the view lags
    /// behind, at most [`STALE_AFTER`].
    pub fn surely_taken(
        &self,
        (partition, concert): (u16, ConcertId),
        capacity: u32,
        id: ReservationId,
        wanted: &[SeatNumber],
    ) -> Vec<SeatNumber> {
        let reading = *self.shared.finished.borrow();
        let mut followed = self.followed();
        let Ok((following, at_least)) = followed.glance(partition, concert, capacity) else {
            return Vec::new();
        };
        let Following::Seats(seats) = following else {
            drop(followed);
            self.shared.asked.notify_one();
            return Vec::new();
        };
        let is_fresh = reading.number > 0 && reading.begun_at.elapsed() <= STALE_AFTER;
        if !is_fresh || seats.position() < at_least {
            return Vec::new();
        }
        if wanted.iter().any(|&seat| seats.holder(seat) == Some(id)) {
            return Vec::new();
        }
        let sure_ms = reading.now_ms() + SURE_FOR.as_millis() as i64;
        let is_taken = |seat: SeatNumber| match seats.states().get(seat) {
            SeatState::Available => false,
            SeatState::Sold | SeatState::Blocked => true,
            SeatState::Held => seats.deadline_ms(seat).is_some_and(|ends_ms| ends_ms > sure_ms),
        };
        wanted.iter().copied().filter(|&seat| is_taken(seat)).collect()
    }

    /// Seats of a concert may have been given back at a position of its log, with this process
    /// knowing: until the view has come so far, nobody is refused from here.
    pub fn gave_back(&self, concert: ConcertId, position: Position) {
        self.followed().gave_back(concert, position);
    }
}
