//! Giving a hold back.

use super::command::Command;
use super::{Answer, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::inventory::commands::Own;

impl Reservations {
    /// Gives a hold back. A hold that has ended is answered as it ended.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn release(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        let command = Command::Release(Own { id, user });
        Ok(self.settle(concert, command).await?.answer)
    }
}
