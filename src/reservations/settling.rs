//! Sending a command until it is settled: until its outcome is about the seats, and no longer about
//! what this process did not know yet.

use std::borrow::Borrow;
use std::sync::Arc;

use jiff::Timestamp;

use super::command::Command;
use super::{Answer, Conflicts, ReservationError, Reservations};
use crate::domain::area::AreaLeft;
use crate::domain::ids::ConcertId;
use crate::domain::performance::Performance;
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::inventory::InventoryError;
use crate::inventory::combiner::Untold;
use crate::inventory::commands::Done;
use crate::telemetry;

/// How often a command is sent before its concert is said to change too fast. Each attempt follows
/// one event (loaded, rebuilt, changed by its organiser) that is rare by itself.
const ATTEMPTS_MAX: usize = 4;

/// A settled command, and where in the log its concert then stood.
pub(super) struct Settled {
    pub answer: Answer,
    pub position: Position,
}

impl Reservations {
    /// Sends one command, and does what it takes to have it understood.
    ///
    /// Sending again is safe: reservations are found by an id that follows from the request, and
    /// every verb answers the same when it finds its work done, or, for an extension, says so.
    pub(super) async fn settle(
        &self,
        concert: ConcertId,
        command: Command,
    ) -> Result<Settled, ReservationError> {
        let result = self.try_settle(concert, &command).await;
        let outcome = result.as_ref().map_or_else(ReservationError::outcome, outcome_of);
        telemetry::claim(command.verb().name(), outcome);
        result
    }

    async fn try_settle(
        &self,
        concert: ConcertId,
        command: &Command,
    ) -> Result<Settled, ReservationError> {
        for _ in 0..ATTEMPTS_MAX {
            let performance = self.performance(concert).await?;
            let partition = performance.concert.partition;
            let packed = command.packed(&performance);
            let told = self.combiner.submit(partition, concert, packed).await;
            let told = told.map_err(|error| self.unsettled(&error))?;
            match told.outcome {
                Ok(done) => {
                    let answer = answer(done, performance, told.now);
                    return Ok(Settled { answer, position: told.position });
                }
                // Apart, because what is seldom needed is large, and every claim would carry its room
                // along.
                Err(Refusal::NotLoaded) => {
                    Box::pin(self.open_for(command, &performance, told.epoch)).await?;
                }
                Err(Refusal::WrongEpoch) => {
                    self.gate.close();
                    return Err(ReservationError::unverified());
                }
                Err(Refusal::StaleConcert) => {
                    Box::pin(self.catch_up(&performance.concert)).await?;
                }
                Err(refusal) => return Err(refused(refusal, &performance)),
            }
        }
        Err(ReservationError::unavailable("the concert keeps changing"))
    }

    /// The concert and its map.
    pub(super) async fn performance(
        &self,
        concert: ConcertId,
    ) -> Result<Arc<Performance>, ReservationError> {
        let performance = self.catalogue.performance(concert).await;
        performance.map_err(ReservationError::unavailable)?.ok_or(ReservationError::NoSuchConcert)
    }

    /// What a failed call means for the caller; a Redis that we do not know closes the gate.
    pub(super) fn lost(&self, error: impl Borrow<InventoryError>) -> ReservationError {
        match error.borrow() {
            InventoryError::Unverified => {
                self.gate.close();
                ReservationError::unverified()
            }
            InventoryError::Full => ReservationError::Overloaded,
            error => ReservationError::unavailable(error),
        }
    }

    fn unsettled(&self, error: &Untold) -> ReservationError {
        match error {
            Untold::Crowded => ReservationError::Overloaded,
            Untold::Failed(error) => self.lost(&**error),
            Untold::GivenUp => ReservationError::unavailable(error),
        }
    }
}

fn answer(done: Done, performance: Arc<Performance>, now: Timestamp) -> Answer {
    let Done { reservation, replayed } = done;
    Answer { reservation: reservation.seen_at(now), performance, replayed, now }
}

pub(super) fn refused(refusal: Refusal, performance: &Performance) -> ReservationError {
    let conflicts = match &refusal {
        Refusal::Unavailable { seats, areas } => {
            let seat = |&seat| performance.map.seat(seat).id.to_string();
            let area =
                |short: &AreaLeft| (performance.map.area(short.area).id.to_string(), short.left);
            Conflicts {
                seats: seats.iter().map(seat).collect(),
                areas: areas.iter().map(area).collect(),
            }
        }
        _ => Conflicts::default(),
    };
    ReservationError::Refused { refusal, conflicts }
}

fn outcome_of(settled: &Settled) -> &'static str {
    if settled.answer.replayed { "replayed" } else { "done" }
}
