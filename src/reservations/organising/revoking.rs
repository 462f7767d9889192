//! Ending somebody's reservation.

use std::sync::Arc;

use serde_json::json;

use super::OrganisingError;
use super::settling::{ATTEMPTS_MAX, keeps_changing};
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::State;
use crate::inventory::commands::Reply;
use crate::inventory::organise::Told;
use crate::ledger;
use crate::ledger::changes::NewChange;
use crate::reservations::{Answer, ReservationError, Reservations};

/// How an organiser ends somebody's reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A hold is given back.
    Release,
    /// Tickets are given back, also after `cancel_until`.
    Cancel,
}

impl Reservations {
    /// Ends somebody's reservation, for a reason that is kept.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn end_for(
        &self,
        by: &Organiser,
        concert: ConcertId,
        id: ReservationId,
        ending: Ending,
        reason: &str,
    ) -> Result<Answer, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let (action, to) = match ending {
            Ending::Release => ("release_reservation", State::Released),
            Ending::Cancel => ("cancel_reservation", State::Cancelled),
        };
        let change = NewChange {
            reservation: Some(id),
            reason: Some(reason.to_owned()),
            ..NewChange::of_concert(by, concert, action, json!({}))
        };
        let work = self.bring_to(&performance, id, to);
        let outcome = |answer: &Answer| {
            json!({
                "state": answer.reservation.state,
                "version": answer.reservation.version,
                "was_so_already": answer.replayed,
            })
        };
        self.on_record(change, work, outcome).await
    }

    async fn bring_to(
        &self,
        performance: &Arc<Performance>,
        id: ReservationId,
        to: State,
    ) -> Result<Answer, OrganisingError> {
        for _ in 0..ATTEMPTS_MAX {
            let line = self.line_to(performance)?;
            let reply = self.inventory.revoke(&line.keys, line.epoch, id, to).await;
            let told = reply.map(|reply| answer_of(reply, performance));
            match self.heard(performance, &line, told)? {
                Ok(answer) => return Ok(answer),
                // Nothing but what was sold would be there if the concert were loaded.
                Err(Refusal::NotLoaded) if !self.was_sold(performance, id).await? => {
                    return Err(ReservationError::from(Refusal::NotFound).into());
                }
                Err(refusal) => self.overcome(refusal, performance, &line).await?,
            }
        }
        Err(keeps_changing())
    }

    async fn was_sold(
        &self,
        performance: &Performance,
        id: ReservationId,
    ) -> Result<bool, OrganisingError> {
        let found = ledger::reservations::find(&self.ledger, id).await?;
        Ok(found.is_some_and(|found| found.concert == performance.concert.id))
    }
}

fn answer_of(reply: Reply, performance: &Arc<Performance>) -> Told<Answer> {
    let done = reply.outcomes.into_iter().next().unwrap_or(Err(Refusal::NotFound));
    let outcome = done.map(|done| Answer {
        reservation: done.reservation.seen_at(reply.now),
        performance: Arc::clone(performance),
        replayed: done.replayed,
        now: reply.now,
    });
    Told { position: reply.position, outcome }
}
