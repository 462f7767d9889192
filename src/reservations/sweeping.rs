//! Ending overdue holds, one step at a time.

use super::{ReservationError, Reservations};
use crate::domain::limits::SWEEP_MAX;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::sweep::Swept;
use crate::telemetry;

/// What one step of sweeping did, and when the next has something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepStep {
    /// What it ended and forgot.
    pub swept: Swept,
    /// Milliseconds until the next deadline; none when there is none, 0 when there may be more now.
    pub next_in_ms: Option<u64>,
}

impl Reservations {
    /// Ends what is overdue in a partition, at most [`SWEEP_MAX`] reservations.
    ///
    /// # Errors
    /// When Redis does not answer, or is not verified.
    pub async fn sweep(&self, partition: u16) -> Result<SweepStep, ReservationError> {
        let deadlines = self.inventory.deadlines(partition, SWEEP_MAX).await;
        let deadlines = deadlines.map_err(|error| self.lost(error))?;
        let mut swept = Swept::default();
        for due in &deadlines.due {
            let keys = ConcertKeys::new(partition, due.concert);
            let done = self.inventory.sweep(&keys, &due.ids).await;
            let done = done.map_err(|error| self.lost(error))?;
            swept.ended += done.ended;
            swept.forgotten += done.forgotten;
        }
        telemetry::swept(swept.ended);
        // A sweep that found nothing to do after all must not be repeated at once.
        let next_in_ms = match swept {
            Swept { ended: 0, forgotten: 0 } => deadlines.next_in_ms,
            _ => Some(0),
        };
        Ok(SweepStep { swept, next_in_ms })
    }
}
