//! What organisers do with their concerts, and administrators with everybody's.
//!
//! Another's concert does not exist for an organiser: every verb begins with
//! [`own`](Reservations::own). Whatever is changed is put on record: together with the change where
//! PostgreSQL makes it, and otherwise before it is begun, so that nothing is ever done off the record.

mod blocking;
mod changes;
mod concerts;
mod error;
mod figures;
mod history;
mod prolonging;
mod reservations;
mod revoking;
mod sale;
mod seat_maps;
mod settling;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ReservationError, Reservations};
use crate::domain::ids::ConcertId;
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::ledger::changes::NewChange;
use crate::ledger::{self, LedgerError};

pub use blocking::Blocked;
pub use concerts::{Writing, WrittenConcert};
pub use error::OrganisingError;
pub use figures::{Figures, FiguresBy, PartFigures};
pub use history::{Happening, HistoryPage};
pub use reservations::{HoldsPlace, LookUp};
pub use revoking::Ending;
pub use sale::SaleChange;

impl Reservations {
    /// The concert, if it is theirs. Another's does not exist.
    async fn own(
        &self,
        by: &Organiser,
        concert: ConcertId,
    ) -> Result<Arc<Performance>, OrganisingError> {
        let performance = self.performance(concert).await?;
        match by.may_touch(&performance.concert) {
            true => Ok(performance),
            false => Err(ReservationError::NoSuchConcert.into()),
        }
    }

    /// Puts on record what is asked for, does it, and adds what came of it. Of what failed for want
    /// of a store nothing is added, because nobody knows.
    async fn on_record<T>(
        &self,
        change: NewChange,
        work: impl Future<Output = Result<T, OrganisingError>>,
        outcome: impl FnOnce(&T) -> Value,
    ) -> Result<T, OrganisingError> {
        let id = ledger::changes::record(&self.ledger, &change).await?;
        let result = work.await;
        let outcome = match &result {
            Ok(done) => Some(outcome(done)),
            Err(error) => error.refusal().map(|refusal| json!({ "refused": refusal })),
        };
        if let Some(outcome) = outcome
            && let Err(error) = ledger::changes::settle(&self.ledger, id, &outcome).await
        {
            // It is done and on record; only the last word about it is missing there.
            warn_unsettled(id, &error);
        }
        result
    }
}

fn warn_unsettled(id: i64, error: &LedgerError) {
    tracing::warn!(id, %error, "what came of an organiser's change could not be added to it");
}
