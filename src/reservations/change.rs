//! Giving a hold other seats and places.

use super::command::{Command, Exchange};
use super::{Answer, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::selection::{Selection, Wanted};
use crate::inventory::commands::Own;

impl Reservations {
    /// Makes a hold consist of these seats and places: all of them, or it stays as it was. Its
    /// deadline stays in any case. Asking again for what it has by then changes nothing.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn change(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
        wanted: impl Into<Wanted>,
    ) -> Result<Answer, ReservationError> {
        let selection = Selection::new(&self.performance(concert).await?.map, &wanted.into())?;
        let command = Command::Change(Exchange { own: Own { id, user }, selection });
        Ok(self.settle(concert, command).await?.answer)
    }
}
