//! What organisers changed.

use super::OrganisingError;
use crate::domain::ids::ConcertId;
use crate::domain::organiser::Organiser;
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

    /// What was changed about their seat maps and service keys (for an administrator: everybody's), newest
    /// first, before one change or from the newest on.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn own_changes(
        &self,
        by: &Organiser,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<OrganiserChange>, OrganisingError> {
        Ok(ledger::changes::of_owner(&self.ledger, by.only(), before, limit).await?)
    }
}
