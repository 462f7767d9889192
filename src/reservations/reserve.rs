//! Holding seats.

use jiff::Timestamp;

use super::command::{Claim, Command, refused_by_sale};
use super::settling::refused;
use super::{Answer, ReservationError, Reservations};
use crate::domain::concert::Concert;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::refusal::Refusal;
use crate::domain::selection::{Selection, Wanted};
use crate::telemetry;

impl Reservations {
    /// Holds seats and places in areas by their public ids, all or none. The same `key` gives the same
    /// reservation.
    ///
    /// # Errors
    /// [`ReservationError`] says which of the caller's mistakes or which refusal it was.
    pub async fn reserve(
        &self,
        user: UserId,
        concert: ConcertId,
        key: &str,
        wanted: impl Into<Wanted>,
    ) -> Result<Answer, ReservationError> {
        // A concert keeps its seat map for life, so a choice of seats is good for every attempt;
        // prices are not, and are looked up for each.
        let performance = self.performance(concert).await?;
        let selection = Selection::new(&performance.map, &wanted.into())?;
        let id = ReservationId::from_key(user, concert, key);
        self.refuse_early(&performance, id, &selection)?;
        let claim = Claim { id, user, selection, asked: None };
        Ok(self.settle(concert, Command::Reserve(claim)).await?.answer)
    }

    /// Refuses a claim of seats that others are known to have, without asking Redis. That it may be over
    /// its user's limit as well is not looked at: it would be refused in any case.
    fn refuse_early(
        &self,
        performance: &Performance,
        id: ReservationId,
        selection: &Selection,
    ) -> Result<(), ReservationError> {
        let Concert { id: concert, partition, .. } = performance.concert;
        // What comes before in the script's reasons is for the script to say.
        let is_open = refused_by_sale(&performance.concert, Timestamp::now()).is_none();
        if !is_open || self.gate.epoch(partition).is_none() {
            return Ok(());
        }
        let (place, capacity) = ((partition, concert), performance.map.capacity());
        let seats = self.view.surely_taken(place, capacity, id, selection.seats());
        if seats.is_empty() {
            return Ok(());
        }
        telemetry::claim("reserve", "refused_early");
        Err(refused(Refusal::Unavailable { seats, areas: Vec::new() }, performance))
    }
}
