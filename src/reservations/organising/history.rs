//! What happened to a seat and to a reservation.

use std::sync::Arc;

use jiff::Timestamp;

use super::OrganisingError;
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::domain::position::{Epoch, Position};
use crate::domain::seat::SeatNumber;
use crate::ledger;
use crate::ledger::events::{Event, Subject};
use crate::reservations::Reservations;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Happening {
    /// The log told of it.
    Told(Box<Event>),
    /// A hold ended with its epoch: Redis had lost it, and was rebuilt without it.
    Lost(ReservationId),
}

/// Some of what happened, in order.
#[derive(Clone, Debug)]
pub struct HistoryPage {
    /// The concert and its map.
    pub performance: Arc<Performance>,
    /// What happened.
    pub happenings: Vec<Happening>,
    /// After which entry there is more, if there is.
    pub next: Option<Position>,
}

impl Reservations {
    /// What happened to a seat, by its public id, as far as the log was persisted; after a position,
    /// in order.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn history_of_seat(
        &self,
        by: &Organiser,
        concert: ConcertId,
        seat: &str,
        after: Position,
        limit: u32,
    ) -> Result<HistoryPage, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let number = performance.map.number_of(seat);
        let number = number.ok_or_else(|| OrganisingError::NoSuchSeat(seat.to_owned()))?;
        let seat = Subject::Seat(number);
        let events = ledger::events::of(&self.ledger, concert, seat, after, limit + 1).await?;
        let holds = |event: &Event| event.seats.contains(&number);
        self.page(performance, events, limit, holds).await
    }

    /// What happened to a reservation, as far as the log was persisted; after a position, in order.
    /// Of one that never was, nothing happened.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn history_of_reservation(
        &self,
        by: &Organiser,
        concert: ConcertId,
        id: ReservationId,
        after: Position,
        limit: u32,
    ) -> Result<HistoryPage, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let id = Subject::Reservation(id);
        let events = ledger::events::of(&self.ledger, concert, id, after, limit + 1).await?;
        self.page(performance, events, limit, |_| true).await
    }

    async fn page(
        &self,
        performance: Arc<Performance>,
        mut events: Vec<Event>,
        limit: u32,
        holds: impl Fn(&Event) -> bool,
    ) -> Result<HistoryPage, OrganisingError> {
        let partition = performance.concert.partition;
        let now = ledger::partitions::read(&self.ledger, partition).await?.epoch;
        let beyond = (events.len() > limit as usize).then(|| events.split_off(limit as usize));
        let next = events.last().filter(|_| beyond.is_some()).map(|event| event.position);
        let epoch_after = beyond.and_then(|beyond| beyond.first().map(|event| event.epoch));
        let epochs: Vec<Epoch> = events.iter().map(|event| event.epoch).collect();
        let mut happenings = Vec::with_capacity(events.len());
        for (index, event) in events.into_iter().enumerate() {
            // What comes next in the story, or how things are now.
            let epoch_then = epochs.get(index + 1).copied().or(epoch_after).unwrap_or(now);
            let lost = event.reservation.filter(|_| {
                event.deadline_ms.is_some() && holds(&event) && epoch_then > event.epoch
            });
            happenings.push(Happening::Told(Box::new(event)));
            happenings.extend(lost.map(Happening::Lost));
        }
        Ok(HistoryPage { performance, happenings, next })
    }
}

impl HistoryPage {
    /// When an entry of the log was written, by Redis's clock.
    pub fn time_of(position: Position) -> Option<Timestamp> {
        Timestamp::from_millisecond(i64::try_from(position.ms).ok()?).ok()
    }

    /// An area's public id; none for a number that the map does not have.
    pub fn area_id(&self, area: u16) -> Option<&str> {
        let areas = &self.performance.map.areas;
        areas.get(usize::from(area)).map(|area| &*area.id)
    }

    /// A seat's public id; none for a number that the map does not have.
    pub fn seat_id(&self, seat: SeatNumber) -> Option<&str> {
        let seats = &self.performance.map.seats;
        seats.get(seat.0 as usize).map(|seat| &*seat.id)
    }
}
