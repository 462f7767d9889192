//! What the organiser's server does: it looks at a reservation and turns it into a sale once it has
//! been paid.

use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::{Answer, Confirmation, ReservationError, Reservations};
use crate::domain::concert::ConfirmedBy;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::inventory::commands::{Confirm, Own, Payment};

impl Reservations {
    /// A reservation of a concert that this organiser's server confirms.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn find_for_merchant(
        &self,
        organiser: UserId,
        concert: ConcertId,
        id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        self.sold_by(organiser, concert).await?;
        self.find_any(concert, id).await
    }

    /// Turns a paid hold into a sale. The amount is held against the prices that the hold captured;
    /// a payment that came too late is said to be that, and honoured if it asks to be and can be. The
    /// same payment again is the same answer again.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn pay(
        &self,
        organiser: UserId,
        concert: ConcertId,
        id: ReservationId,
        currency: &str,
        payment: Payment,
        wait: Option<Duration>,
    ) -> Result<Confirmation, ReservationError> {
        let expected = self.sold_by(organiser, concert).await?.concert.currency.code();
        if currency != expected {
            return Err(ReservationError::WrongCurrency { expected });
        }
        // Whose a reservation is never changes, so that it may be looked up first.
        let user = self.find_any(concert, id).await?.reservation.user;
        let payment = Some(payment);
        let command = Command::Confirm(Confirm { own: Own { id, user }, payment });
        self.confirm_with(concert, command, wait).await
    }

    /// The concert, if it is this organiser's and its reservations are confirmed by their server.
    async fn sold_by(
        &self,
        organiser: UserId,
        concert: ConcertId,
    ) -> Result<Arc<Performance>, ReservationError> {
        let performance = self.performance(concert).await?;
        if performance.concert.organiser != Some(organiser) {
            return Err(ReservationError::NoSuchConcert);
        }
        match performance.concert.confirmed_by {
            ConfirmedBy::Merchant => Ok(performance),
            ConfirmedBy::Buyer => Err(ReservationError::ConfirmedByBuyer),
        }
    }
}
