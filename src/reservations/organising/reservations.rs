//! Looking up anybody's reservations.

use std::sync::Arc;

use jiff::Timestamp;

use super::OrganisingError;
use crate::domain::email::Email;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::organiser::Organiser;
use crate::domain::reservation::{Reservation, State};
use crate::inventory::keys::ConcertKeys;
use crate::ledger;
use crate::reservations::{Answer, Reservations};

/// Which of what was sold is wanted.
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

/// Where a list of holds goes on. Redis gives them out in heaps, each in no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldsPlace {
    /// Which heap.
    pub heap: u64,
    /// After which hold of it, by id.
    pub after: Option<ReservationId>,
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
        // What was sold has no deadline that a clock would have to decide.
        let now = self.inventory.now().await.unwrap_or_else(|_| Timestamp::now());
        let answer = |reservation| Answer {
            reservation,
            performance: Arc::clone(&performance),
            replayed: true,
            now,
        };
        Ok(found.into_iter().map(answer).collect())
    }

    /// The holds of a concert, or of one user at it: a page, and where the next begins. A hold that is
    /// there all the while is on one of the pages, or on two if Redis grows meanwhile.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn holds(
        &self,
        by: &Organiser,
        concert: ConcertId,
        user: Option<UserId>,
        from: HoldsPlace,
        limit: u32,
    ) -> Result<(Vec<Answer>, Option<HoldsPlace>), OrganisingError> {
        let performance = self.own(by, concert).await?;
        let keys = ConcertKeys::new(performance.concert.partition, concert);
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let is_wanted =
            |hold: &Reservation| !hold.is_overdue(now) && user.is_none_or(|user| hold.user == user);
        let (mut page, mut place) = (Vec::new(), from);
        loop {
            let heap = self.inventory.some_holds(&keys, place.heap).await;
            let mut heap = heap.map_err(|error| self.lost(error))?;
            heap.holds.retain(|hold| Some(hold.id) > place.after && is_wanted(hold));
            heap.holds.sort_unstable_by_key(|hold| hold.id);
            for reservation in heap.holds {
                if page.len() == limit as usize {
                    return Ok((page, Some(place)));
                }
                place.after = Some(reservation.id);
                let performance = Arc::clone(&performance);
                page.push(Answer { reservation, performance, replayed: true, now });
            }
            if heap.cursor == 0 {
                return Ok((page, None));
            }
            place = HoldsPlace { heap: heap.cursor, after: None };
        }
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
        self.own(by, concert).await?;
        Ok(self.find_any(concert, id).await?)
    }

    /// Who has an account with an email address, for whoever looks up that person's reservations.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn user_with(
        &self,
        by: &Organiser,
        concert: ConcertId,
        email: &Email,
    ) -> Result<Option<UserId>, OrganisingError> {
        self.own(by, concert).await?;
        let account = ledger::users::by_email(&self.ledger, email).await?;
        Ok(account.map(|(user, _)| user.id))
    }
}
