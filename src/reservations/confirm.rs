//! Turning a hold into a sale.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::command::Command;
use super::settling::Settled;
use super::{Answer, Confirmation, ReservationError, Reservations};
use crate::domain::concert::ConfirmedBy;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::State;
use crate::inventory::commands::{Confirm, Own};
use crate::ledger;

/// How much of a caller's time is kept for looking what became of the sale.
const LOOK_WITHIN: Duration = Duration::from_millis(250);

impl Reservations {
    /// Turns a hold into a sale. With `wait`, answers after PostgreSQL has it or that time is over,
    /// which is counted from here.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn confirm(
        &self,
        user: UserId,
        concert: ConcertId,
        id: ReservationId,
        wait: Option<Duration>,
    ) -> Result<Confirmation, ReservationError> {
        if self.performance(concert).await?.concert.confirmed_by == ConfirmedBy::Merchant {
            return Err(ReservationError::ConfirmedByMerchant);
        }
        let own = Own { id, user };
        let command = Command::Confirm(Confirm { own, payment: None });
        self.confirm_with(concert, command, wait).await
    }

    /// Sends a confirmation, and waits for PostgreSQL if that is asked for.
    pub(super) async fn confirm_with(
        &self,
        concert: ConcertId,
        command: Command,
        wait: Option<Duration>,
    ) -> Result<Confirmation, ReservationError> {
        let until = wait.map(|wait| Instant::now() + wait);
        let Settled { answer, position } = self.settle(concert, command).await?;
        let persisted = match until {
            Some(until) => Box::pin(self.wait_until_persisted(&answer, position, until)).await?,
            None => false,
        };
        Ok(Confirmation { answer, persisted })
    }

    /// Waits for the writer to pass `position`, and looks whether the sale stands: PostgreSQL has
    /// the last word, and may have given the seat to somebody else, or refused the sale.
    async fn wait_until_persisted(
        &self,
        answer: &Answer,
        position: Position,
        until: Instant,
    ) -> Result<bool, ReservationError> {
        let (id, partition) = (answer.reservation.id, answer.performance.concert.partition);
        let left = until.saturating_duration_since(Instant::now());
        // Whoever was not told in time looks all the same: notifications can be lost.
        let wait = left.saturating_sub(LOOK_WITHIN);
        self.persisted.wait_for(partition, position, wait).await;
        let find = ledger::reservations::find(&self.ledger, id);
        let Ok(Ok(row)) = timeout_at(until, find).await else {
            return Ok(false);
        };
        match row {
            Some(row) if row.version < answer.reservation.version => Ok(false),
            Some(row) if row.state == State::Confirmed => Ok(true),
            Some(row) => Err(Refusal::WrongState { state: row.state }.into()),
            // Of a sale that was refused altogether there is a dead letter and no row.
            None => {
                let refused = ledger::refused_sales::is_refused(&self.ledger, partition, id);
                match timeout_at(until, refused).await {
                    Ok(Ok(true)) => Err(Refusal::WrongState { state: State::Cancelled }.into()),
                    Ok(Ok(false) | Err(_)) | Err(_) => Ok(false),
                }
            }
        }
    }
}
