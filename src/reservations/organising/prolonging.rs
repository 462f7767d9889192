//! Giving all of a concert's holds time.

use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde_json::json;

use super::OrganisingError;
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::limits::PROLONG_MAX;
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::domain::refusal::Refusal;
use crate::inventory::keys::ConcertKeys;
use crate::ledger::changes::NewChange;
use crate::reservations::Reservations;
use crate::reservations::settling::refused;

impl Reservations {
    /// Sees to it that every hold of a concert lasts for a time from now at least; returns how many
    /// have a later deadline for it. Asking again is safe: time is not added up.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn prolong_holds(
        &self,
        by: &Organiser,
        concert: ConcertId,
        time: Duration,
    ) -> Result<u64, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let until = self.inventory.now().await.map_err(|error| self.lost(error))? + time;
        // Holds have milliseconds, and by their new deadline history finds who prolonged them.
        let until = until.round(Unit::Millisecond).unwrap_or(until);
        let asked = json!({ "seconds": time.as_secs(), "until": until });
        let change = NewChange::of_concert(by, concert, "extend_holds", asked);
        let work = self.prolong_all(&performance, until);
        self.on_record(change, work, |prolonged| json!({ "prolonged": prolonged })).await
    }

    async fn prolong_all(
        &self,
        performance: &Performance,
        until: Timestamp,
    ) -> Result<u64, OrganisingError> {
        let concert = &performance.concert;
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let (mut cursor, mut prolonged) = (0, 0);
        loop {
            let holds = self.inventory.some_holds(&keys, cursor).await;
            let holds = holds.map_err(|error| self.lost(error))?;
            let ids: Vec<ReservationId> = holds.holds.iter().map(|hold| hold.id).collect();
            for ids in ids.chunks(PROLONG_MAX) {
                prolonged += u64::from(self.prolong(performance, until, ids).await?);
            }
            cursor = holds.cursor;
            if cursor == 0 {
                return Ok(prolonged);
            }
        }
    }

    async fn prolong(
        &self,
        performance: &Performance,
        until: Timestamp,
        ids: &[ReservationId],
    ) -> Result<u32, OrganisingError> {
        let line = self.line_to(performance)?;
        let told = self.inventory.prolong(&line.keys, line.epoch, until, ids).await;
        match self.heard(performance, &line, told)? {
            Ok(prolonged) => Ok(prolonged),
            // A rebuild ended all holds in between.
            Err(Refusal::NotLoaded) => Ok(0),
            Err(refusal) => Err(refused(refusal, performance).into()),
        }
    }
}
