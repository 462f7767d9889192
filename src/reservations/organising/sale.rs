//! The organiser's hand on a sale.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{OrganisingError, Writing, WrittenConcert};
use crate::domain::concert::{Concert, SaleSwitch, SaleWindow};
use crate::domain::ids::ConcertId;
use crate::domain::organiser::Organiser;
use crate::ledger::changes::NewChange;
use crate::ledger::sale::SaleUpdate;
use crate::reservations::{ReservationError, Reservations};

/// What of a sale is to be other than it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaleChange {
    /// The switch.
    pub switch: Option<SaleSwitch>,
    /// When seats can be claimed.
    pub opens_at: Option<Timestamp>,
    /// The first moment when they no longer can.
    pub closes_at: Option<Timestamp>,
}

impl Reservations {
    /// Pauses, resumes, closes or moves a sale. PostgreSQL has it first, then Redis: once this says
    /// that it is in force, no claim by the old terms is granted on any instance. Holds stay.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn change_sale(
        &self,
        by: &Organiser,
        concert: ConcertId,
        change: SaleChange,
    ) -> Result<WrittenConcert, OrganisingError> {
        let update = SaleUpdate::begin(&self.ledger, concert).await?;
        let update = update.filter(|update| by.may_touch(&update.concert));
        let update = update.ok_or(ReservationError::NoSuchConcert)?;
        let before = &update.concert;
        let switch = change.switch.unwrap_or(before.switch);
        let window = SaleWindow {
            opens_at: change.opens_at.unwrap_or(before.sale.opens_at),
            closes_at: change.closes_at.unwrap_or(before.sale.closes_at),
        };
        if window.opens_at >= window.closes_at {
            let SaleWindow { opens_at, closes_at } = window;
            return Err(OrganisingError::Window { opens_at, closes_at });
        }
        let after = Concert { switch, sale: window, version: before.version + 1, ..before.clone() };
        if (before.switch, before.sale) == (switch, window) {
            drop(update);
            return self.written(concert, Writing::Unchanged).await;
        }
        let record = NewChange {
            before: Some(terms(before)),
            outcome: Some(json!({ "version": after.version })),
            ..NewChange::of_concert(by, concert, "change_sale", terms(&after))
        };
        update.write(switch, window, &record).await?;
        self.written(concert, Writing::Changed).await
    }
}

fn terms(concert: &Concert) -> Value {
    json!({
        "switch": concert.switch,
        "opens_at": concert.sale.opens_at,
        "closes_at": concert.sale.closes_at,
    })
}
