//! What it takes to have an organiser's command understood.

use super::OrganisingError;
use crate::domain::performance::Performance;
use crate::domain::position::{Epoch, Position};
use crate::domain::refusal::Refusal;
use crate::inventory::InventoryError;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::organise::Told;
use crate::reservations::settling::refused;
use crate::reservations::{ReservationError, Reservations};

/// How often a command is sent before its concert is said to change too fast.
pub(super) const ATTEMPTS_MAX: usize = 4;

/// Where a command about a concert goes, and what was known when it was sent.
pub(super) struct Line {
    pub(super) keys: ConcertKeys,
    pub(super) epoch: Epoch,
    sent_after: Position,
}

impl Reservations {
    /// Where to send a command now.
    pub(super) fn line_to(&self, performance: &Performance) -> Result<Line, OrganisingError> {
        let (concert, partition) = (performance.concert.id, performance.concert.partition);
        let epoch = self.gate.epoch(partition).ok_or_else(ReservationError::unverified)?;
        let sent_after = self.gate.seen(partition, concert);
        Ok(Line { keys: ConcertKeys::new(partition, concert), epoch, sent_after })
    }

    /// Takes in what came back: what it says only counts if Redis has lost nothing.
    pub(super) fn heard<T>(
        &self,
        performance: &Performance,
        line: &Line,
        told: Result<Told<T>, InventoryError>,
    ) -> Result<Result<T, Refusal>, OrganisingError> {
        let told = told.map_err(|error| self.lost(error))?;
        let (concert, partition) = (performance.concert.id, performance.concert.partition);
        let position = told.position.unwrap_or(Position::START);
        let goes_on = self.gate.observe(partition, concert, line.sent_after, position);
        if !goes_on || matches!(told.outcome, Err(Refusal::WrongEpoch)) {
            self.gate.close();
            return Err(ReservationError::unverified().into());
        }
        Ok(told.outcome)
    }

    /// Loads the concert if that was all that stood in the way.
    pub(super) async fn overcome(
        &self,
        refusal: Refusal,
        performance: &Performance,
        line: &Line,
    ) -> Result<(), OrganisingError> {
        match refusal {
            Refusal::NotLoaded => Ok(self.open(performance, line.epoch).await?),
            refusal => Err(refused(refusal, performance).into()),
        }
    }
}

/// Why a command that is safe to send again was not sent once more.
pub(super) fn keeps_changing() -> OrganisingError {
    ReservationError::unavailable("the concert keeps changing").into()
}
