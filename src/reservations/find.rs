//! Looking, without changing anything.

use std::sync::Arc;

use super::{Answer, Availability, ReservationError, Reservations};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::refusal::Refusal;
use crate::domain::seat::PackedStates;
use crate::inventory::keys::ConcertKeys;
use crate::ledger;

impl Reservations {
    /// One reservation of the user's: from Redis, or from PostgreSQL when Redis does not have it.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn find(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        let performance = self.performance(concert).await?;
        let keys = keys_of(&performance);
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let hot = self.inventory.find(&keys, id).await.map_err(|error| self.lost(error))?;
        let found = match hot {
            Some(reservation) => Some(reservation),
            None => {
                let found = ledger::reservations::find(&self.ledger, id).await;
                found.map_err(ReservationError::unavailable)?
            }
        };
        // Another's reservation does not exist for this user, and no answer may tell otherwise.
        let own = found.filter(|found| found.user == user && found.concert == concert);
        let reservation = own.ok_or(ReservationError::Refused {
            refusal: Refusal::NotFound,
            conflicts: Vec::new(),
        })?;
        Ok(Answer { reservation: reservation.seen_at(now), performance, replayed: true, now })
    }

    /// The user's live reservations at a concert: held and confirmed.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn mine(
        &self,
        user: UserId,
        concert: ConcertId,
    ) -> Result<Vec<Answer>, ReservationError> {
        let performance = self.performance(concert).await?;
        self.ensure_open(&performance).await?;
        let keys = keys_of(&performance);
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let owned = self.inventory.owned_by(&keys, user).await.map_err(|error| self.lost(error))?;
        let answer = |reservation| Answer {
            reservation,
            performance: Arc::clone(&performance),
            replayed: true,
            now,
        };
        Ok(owned.into_iter().filter(|own| !own.is_overdue(now)).map(answer).collect())
    }

    /// The state of every seat.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn availability(&self, concert: ConcertId) -> Result<Availability, ReservationError> {
        let performance = self.performance(concert).await?;
        let states = match self.states(&performance).await? {
            Some(states) => states,
            None => {
                self.ensure_open(&performance).await?;
                let states = self.states(&performance).await?;
                states
                    .ok_or_else(|| ReservationError::unavailable("the concert is being loaded"))?
            }
        };
        Ok(Availability { performance, states })
    }

    async fn states(
        &self,
        performance: &Performance,
    ) -> Result<Option<PackedStates>, ReservationError> {
        let keys = keys_of(performance);
        let states = self.inventory.states(&keys, performance.map.capacity()).await;
        states.map_err(|error| self.lost(error))
    }
}

fn keys_of(performance: &Performance) -> ConcertKeys {
    ConcertKeys::new(performance.concert.partition, performance.concert.id)
}
