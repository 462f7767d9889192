//! Combining: what waits for one concert travels to Redis together.
//!
//! A call costs Redis and the connection more than the command in it does. So a command is sent at
//! once while fewer than two calls of its verb and concert are on their way; else
//! it waits, and the next call to return takes along all that waits, up to a batch. There is no timer:
//! an idle service sends every command by itself and delays none, and under load the batches grow with
//! it. Two calls at a time keep Redis busy while a reply is being read.
//!
//! It is fair between concerts, whose lines are apart and which Redis serves in turn, and between
//! verbs, so that confirmations never stand behind a crowd of claims. Nobody waits for Redis longer
//! than a call does: when one gets no answer in time, those who wait behind it get none either.
//! Whoever stops waiting for an answer changes nothing for the others: their command runs all the same.

mod lines;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::commands::{Done, PackedCommand, Reply, Verb};
use super::gate::Gate;
use super::keys::ConcertKeys;
use super::{Inventory, InventoryError};
use crate::domain::ids::ConcertId;
use crate::domain::position::{Epoch, Position};
use crate::domain::refusal::Refusal;
use crate::telemetry;
use lines::{Lines, Tell, Waiting};

/// Sends commands, many at a time. Cheap to clone; all clones share their lines.
#[derive(Clone)]
pub struct Combiner {
    inventory: Inventory,
    gate: Arc<Gate>,
    lines: Arc<Lines>,
}

/// Where a command waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    partition: u16,
    concert: ConcertId,
    verb: Verb,
}

/// What came of one command.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it did, or why it did nothing.
    pub outcome: Result<Done, Refusal>,
    /// Where the concert's last change stands in the log; the start while it is not loaded.
    pub position: Position,
    /// The time by Redis's clock.
    pub now: Timestamp,
    /// The epoch that it was sent in.
    pub epoch: Epoch,
}

/// Why there is no outcome.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Untold {
    /// Too many wait for this concert already; the command was not sent.
    #[error("too many commands wait for this concert")]
    Crowded,
    /// The call failed, for every command in it.
    #[error(transparent)]
    Failed(Arc<InventoryError>),
    /// Nobody is going to tell: it is unknown whether the command was sent.
    #[error("the command's call was given up")]
    GivenUp,
}

impl Combiner {
    /// A combiner that sends while the gate is open.
    pub fn new(inventory: Inventory, gate: Arc<Gate>) -> Self {
        Self { inventory, gate, lines: Arc::default() }
    }

    /// Sends a command, alone or with others, and waits for its outcome. A reply that shows that Redis
    /// has lost changes closes the gate and is no outcome.
    ///
    /// # Errors
    /// [`Untold`].
    pub async fn submit(
        &self,
        partition: u16,
        concert: ConcertId,
        command: PackedCommand,
    ) -> Result<Told, Untold> {
        let place = Place { partition, concert, verb: command.verb };
        let (tell, told) = oneshot::channel();
        if self.lines.join(place, Waiting { command, tell })? {
            tokio::spawn(self.clone().carry(place));
        }
        told.await.unwrap_or(Err(Untold::GivenUp))
    }

    /// Sends batches until nobody waits at a place.
    async fn carry(self, place: Place) {
        while let Some((commands, tells)) = self.lines.take(place) {
            // A panic must not take this place's turn along: those who wait are told by its fall.
            let sent = AssertUnwindSafe(self.send(place, &commands)).catch_unwind().await;
            let Ok(sent) = sent else { continue };
            match sent {
                Ok((epoch, reply)) => tell_all(tells, epoch, reply),
                Err(error) => self.fail(place, tells, error),
            }
        }
    }

    /// Tells everybody in a failed call. When Redis did not answer in time, those who waited behind the
    /// call are told, too: they have waited as long as anybody is to, and would wait as long again.
    fn fail(&self, place: Place, tells: Vec<Tell>, error: InventoryError) {
        let behind = if error.is_timeout() { self.lines.clear(place) } else { Vec::new() };
        let error = Untold::Failed(Arc::new(error));
        for tell in tells.into_iter().chain(behind) {
            drop(tell.send(Err(error.clone())));
        }
    }

    async fn send(
        &self,
        place: Place,
        commands: &[PackedCommand],
    ) -> Result<(Epoch, Reply), InventoryError> {
        let Place { partition, concert, verb } = place;
        let epoch = self.gate.epoch(partition).ok_or(InventoryError::Unverified)?;
        let sent_after = self.gate.seen(partition, concert);
        let keys = ConcertKeys::new(partition, concert);
        let sent_at = Instant::now();
        let reply = self.inventory.execute(&keys, epoch, commands).await;
        telemetry::script_call(verb.name(), commands.len(), sent_at.elapsed().as_secs_f64());
        let reply = reply?;
        let position = reply.position.unwrap_or(Position::START);
        if !self.gate.observe(partition, concert, sent_after, position) {
            self.gate.close();
            return Err(InventoryError::Unverified);
        }
        Ok((epoch, reply))
    }
}

fn tell_all(tells: Vec<Tell>, epoch: Epoch, reply: Reply) {
    let Reply { position, now, outcomes } = reply;
    let position = position.unwrap_or(Position::START);
    for (tell, outcome) in tells.into_iter().zip(outcomes) {
        // Who hung up meanwhile asks again with the same key, if they want to know.
        drop(tell.send(Ok(Told { outcome, position, now, epoch })));
    }
}
