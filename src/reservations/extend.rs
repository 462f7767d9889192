//! Prolonging a hold.

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
        let settled = self.settle(concert, "extend", async |to| {
            to.inventory
                .extend(to.keys, to.epoch, &[Own { id, user }])
                .await
        });
        Ok(settled.await?.answer)
    }
}
