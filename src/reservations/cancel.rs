//! Giving a sale back.

use super::command::Command;
use super::{Answer, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::inventory::commands::Own;

impl Reservations {
    /// Gives a sale back, until the concert's `cancel_until`.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn cancel(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        let command = Command::Cancel(Own { id, user });
        Ok(self.settle(concert, command).await?.answer)
    }
}
