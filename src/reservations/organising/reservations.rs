//! Looking up anybody's reservations.

use std::sync::Arc;

use super::{Organiser, OrganisingError};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::reservation::State;
use crate::inventory::keys::ConcertKeys;
use crate::ledger;
use crate::reservations::{Answer, ReservationError, Reservations};

/// Which reservations are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookUp {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only this user's.
    pub user: Option<UserId>,
    /// After this one, in the order of ids.
    pub after: Option<ReservationId>,
    /// At most so many.
    pub limit: u32,
}

impl Reservations {
    /// What was ever sold of a concert, in the order of ids.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn look_up(
        &self,
        by: &Organiser,
        concert: ConcertId,
        wanted: LookUp,
    ) -> Result<Vec<Answer>, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let LookUp { state, user, after, limit } = wanted;
        let found =
            ledger::reservations::look_up(&self.ledger, concert, state, user, after, limit).await?;
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let answer = |reservation| Answer {
            reservation,
            performance: Arc::clone(&performance),
            replayed: true,
            now,
        };
        Ok(found.into_iter().map(answer).collect())
    }

    /// Anybody's reservation at a concert: from Redis, or from PostgreSQL when Redis does not have it.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn find_for(
        &self,
        by: &Organiser,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let keys = ConcertKeys::new(performance.concert.partition, concert);
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let hot = self.inventory.find(&keys, id).await.map_err(|error| self.lost(error))?;
        let found = match hot {
            Some(reservation) => Some(reservation),
            None => ledger::reservations::find(&self.ledger, id).await?,
        };
        let found = found.filter(|found| found.concert == concert);
        let found = found.ok_or_else(|| ReservationError::from(Refusal::NotFound))?;
        Ok(Answer { reservation: found.seen_at(now), performance, replayed: true, now })
    }
}
