//! Looking, without changing anything.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Answer, Availability, ReservationError, Reservations};
use crate::domain::area::AreaCounts;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::purchase::Purchase;
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
        // Another's reservation does not exist for this user, and no answer may tell otherwise.
        let found = self.find_any(concert, id).await?;
        match found.reservation.user == user {
            true => Ok(found),
            false => Err(Refusal::NotFound.into()),
        }
    }

    /// A reservation of the concert, whosever it is: for those who have a right to look at all of them.
    pub(super) async fn find_any(
        &self,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        let performance = self.performance(concert).await?;
        let keys = self.verified_keys(&performance)?;
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let hot = self.inventory.find(&keys, id).await.map_err(|error| self.lost(error))?;
        let found = match hot {
            Some(reservation) => Some(reservation),
            None => {
                let found = ledger::reservations::find(&self.ledger, id).await;
                found.map_err(ReservationError::unavailable)?
            }
        };
        let found = found.filter(|found| found.concert == concert);
        let reservation = found.ok_or(Refusal::NotFound)?;
        Ok(Answer { reservation: reservation.seen_at(now), performance, replayed: true, now })
    }

    /// What the user bought at all concerts, newest first, after a place in that order.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn purchases(
        &self,
        user: UserId,
        after: Option<(Timestamp, ReservationId)>,
        limit: u32,
    ) -> Result<Vec<Purchase>, ReservationError> {
        let purchases = ledger::purchases::of_user(&self.ledger, user, after, limit).await;
        purchases.map_err(ReservationError::unavailable)
    }

    /// The user's live reservations at a concert: held and confirmed. A concert that is not loaded
    /// has no holds, and PostgreSQL has what was bought.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn mine(
        &self,
        user: UserId,
        concert: ConcertId,
    ) -> Result<Vec<Answer>, ReservationError> {
        let performance = self.performance(concert).await?;
        let keys = self.verified_keys(&performance)?;
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let owned = self.inventory.owned_by(&keys, user).await.map_err(|error| self.lost(error))?;
        let owned = match owned {
            Some(owned) => owned,
            None => {
                let bought = ledger::reservations::of_user(&self.ledger, user, concert).await;
                bought.map_err(ReservationError::unavailable)?
            }
        };
        let answer = |reservation| Answer {
            reservation,
            performance: Arc::clone(&performance),
            replayed: true,
            now,
        };
        Ok(owned.into_iter().filter(|own| !own.is_overdue(now)).map(answer).collect())
    }

    /// The state of every seat and area. Looking loads nothing: else whoever looks through a season would
    /// fill Redis with concerts that nobody can buy yet.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn availability(&self, concert: ConcertId) -> Result<Availability, ReservationError> {
        let performance = self.performance(concert).await?;
        let (keys, capacity) = (self.verified_keys(&performance)?, performance.map.capacity());
        let hot = self.inventory.states(&keys, capacity).await.map_err(|error| self.lost(error))?;
        let states = match hot {
            Some(states) => states,
            None => {
                let sold = ledger::reservations::sold_seats(&self.ledger, concert).await;
                let blocked = ledger::blocked_seats::of_concert(&self.ledger, concert).await;
                PackedStates::sold(&sold.map_err(ReservationError::unavailable)?, capacity)
                    .with_blocked(&blocked.map_err(ReservationError::unavailable)?)
            }
        };
        let areas = self.area_counts(&performance).await?;
        Ok(Availability { performance, states, areas })
    }

    /// Where the concert is in Redis. What nobody has verified is shown to nobody: Redis may have come
    /// back with what it had an hour ago.
    fn verified_keys(&self, performance: &Performance) -> Result<ConcertKeys, ReservationError> {
        let concert = &performance.concert;
        self.gate.epoch(concert.partition).ok_or_else(ReservationError::unverified)?;
        Ok(ConcertKeys::new(concert.partition, concert.id))
    }

    /// The places of every area. A house without any costs nothing to look at.
    async fn area_counts(
        &self,
        performance: &Performance,
    ) -> Result<Vec<AreaCounts>, ReservationError> {
        let areas = performance.map.areas.len() as u16;
        if areas == 0 {
            return Ok(Vec::new());
        }
        let hot = self.inventory.area_counts(&self.verified_keys(performance)?, areas).await;
        match hot.map_err(|error| self.lost(error))? {
            Some(counts) => Ok(counts),
            None => {
                let concert = performance.concert.id;
                let sold = ledger::reservations::area_counts(&self.ledger, concert).await;
                sold.map_err(ReservationError::unavailable)
            }
        }
    }
}
