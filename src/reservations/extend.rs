//! Prolonging a hold.

use super::command::Command;
use super::{Answer, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::inventory::commands::Own;

impl Reservations {
    /// Prolongs a hold, once.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn extend(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        let command = Command::Extend(Own { id, user });
        Ok(self.settle(concert, command).await?.answer)
    }
}
