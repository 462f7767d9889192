//! Holding seats.

use super::command::{Claim, Command};
use super::{Answer, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::selection::{Selection, Wanted};

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
        let selection = Selection::new(&self.performance(concert).await?.map, &wanted.into())?;
        let id = ReservationId::from_key(user, concert, key);
        let claim = Claim { id, user, selection, asked: None };
        Ok(self.settle(concert, Command::Reserve(claim)).await?.answer)
    }
}
