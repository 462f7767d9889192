//! What organisers changed.

use super::{Organiser, OrganisingError};
use crate::domain::ids::ConcertId;
use crate::ledger;
use crate::ledger::changes::OrganiserChange;
use crate::reservations::Reservations;

impl Reservations {
    /// What was changed about a concert, newest first, before one change or from the newest on.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn changes_of(
        &self,
        by: &Organiser,
        concert: ConcertId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<OrganiserChange>, OrganisingError> {
        self.own(by, concert).await?;
        Ok(ledger::changes::of_concert(&self.ledger, concert, before, limit).await?)
    }
}
