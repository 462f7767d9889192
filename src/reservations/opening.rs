//! Bringing a concert into Redis when somebody first asks for it, and keeping its terms up to date.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::command::Command;
use super::persisting::Log;
use super::{ReservationError, Reservations};
use crate::domain::concert::Concert;
use crate::domain::ids::ConcertId;
use crate::domain::limits::{RECORDS_PER_LOAD_MAX, SEATS_PER_LOAD_MAX};
use crate::domain::performance::Performance;
use crate::domain::position::Epoch;
use crate::inventory::keys::{self, ConcertKeys};
use crate::inventory::load::LoadStep;
use crate::ledger;
use crate::ledger::notifications::Change;

/// How long a load may keep others from loading the same concert.
const LOAD_LOCK_TTL: Duration = Duration::from_secs(30);
/// How long to wait for somebody else's load.
const LOAD_LOCK_WAIT: Duration = Duration::from_secs(8);

impl Reservations {
    /// Loads a concert that a command found missing, if that can help the command: to claim seats
    /// while the sale is open, or to change what was once confirmed. Anything else is refused as
    /// Redis would refuse it, so that nobody fills Redis with concerts that are not on sale.
    pub(super) async fn open_for(
        &self,
        command: &Command,
        performance: &Performance,
        epoch: Epoch,
    ) -> Result<(), ReservationError> {
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        if let Some(refusal) = command.refused_unloaded(&performance.concert, now) {
            // Of the thousands who come in the first moment of a sale, nobody asks this.
            let known = ledger::reservations::find(&self.ledger, command.id()).await;
            let known = known.map_err(ReservationError::unavailable)?;
            let (user, concert) = (command.user(), performance.concert.id);
            if !known.is_some_and(|known| known.user == user && known.concert == concert) {
                return Err(refusal.into());
            }
        }
        self.open(performance, epoch).await
    }

    /// Loads a concert from PostgreSQL: one caller at a time in this process, so that the thousands
    /// who come in the first second wait for one load, and one process at a time among all.
    pub(super) async fn open(
        &self,
        performance: &Performance,
        epoch: Epoch,
    ) -> Result<(), ReservationError> {
        let concert = &performance.concert;
        let _turn = self.opening[usize::from(concert.partition)].lock().await;
        let keys = ConcertKeys::new(concert.partition, concert.id);
        if self.inventory.is_loaded(&keys).await.map_err(|error| self.lost(error))? {
            return Ok(());
        }
        let name = keys::lock("load", concert.id);
        let held = self.locks.take(&name, LOAD_LOCK_TTL, LOAD_LOCK_WAIT).await;
        let held = held.map_err(ReservationError::unavailable)?;
        let result = self.load(performance, epoch).await;
        held.release().await;
        if result? == LoadStep::WrongEpoch {
            self.gate.close();
            return Err(ReservationError::unverified());
        }
        Ok(())
    }

    /// The steps of loading. From the first on, no claim on this concert is granted until the last;
    /// so once the log as it then stood is persisted, PostgreSQL has all there is to load. The concert
    /// itself is read anew after the first step, too: whoever changes it from then on finds it being
    /// loaded, and leaves the new terms for the last step.
    async fn load(
        &self,
        performance: &Performance,
        epoch: Epoch,
    ) -> Result<LoadStep, ReservationError> {
        let (concert, room) = (&performance.concert, performance.map.room());
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let token = Uuid::now_v7();
        let inventory = &self.inventory;
        let begun = inventory.begin_load(&keys, concert.partition, epoch, token, &room).await;
        let begun = begun.map_err(|error| self.lost(error))?;
        if begun != LoadStep::Done {
            return Ok(begun);
        }
        let performance = self.read_anew(concert.id).await?;
        let concert = &performance.concert;
        self.persist_all(concert.partition, Log::Whole).await?;
        let blocked = ledger::blocked_seats::of_concert(&self.ledger, concert.id).await;
        for seats in blocked.map_err(ReservationError::unavailable)?.chunks(SEATS_PER_LOAD_MAX) {
            let step = inventory.load_blocked(&keys, concert.partition, token, seats).await;
            let step = step.map_err(|error| self.lost(error))?;
            if step != LoadStep::Done {
                return Ok(step);
            }
        }
        let mut after = None;
        loop {
            let page = RECORDS_PER_LOAD_MAX;
            let page = ledger::reservations::for_concert(&self.ledger, concert.id, after, page);
            let page = page.await.map_err(ReservationError::unavailable)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let step = inventory.load_records(&keys, concert.partition, token, &page).await;
            let step = step.map_err(|error| self.lost(error))?;
            if step != LoadStep::Done {
                return Ok(step);
            }
        }
        let finished = inventory.finish_load(&keys, epoch, token, concert, room.seats).await;
        finished.map_err(|error| self.lost(error))
    }

    /// Reads a concert anew that is not as it was known. Of the thousands who find that out in one moment,
    /// because a sale was opened while they waited, one reads and the others go by that.
    pub(super) async fn catch_up(&self, known: &Concert) -> Result<(), ReservationError> {
        let _turn = self.opening[usize::from(known.partition)].lock().await;
        match self.performance(known.id).await?.concert.version > known.version {
            true => Ok(()),
            false => self.refresh(known.id).await,
        }
    }

    /// Follows what was changed in PostgreSQL; when notices were missed, that is every concert that
    /// is at hand.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh), of the first that fails.
    pub async fn follow(&self, change: Change) -> Result<(), ReservationError> {
        let concerts = match change {
            Change::Concert(concert) => vec![concert],
            Change::Everything => self.catalogue.at_hand(),
        };
        for concert in concerts {
            match self.refresh(concert).await {
                // A concert that is gone has no terms to follow.
                Ok(()) | Err(ReservationError::NoSuchConcert) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads a concert that has changed in PostgreSQL, here and in Redis.
    ///
    /// # Errors
    /// When either store cannot be used; the old terms stand until the next attempt.
    pub async fn refresh(&self, concert: ConcertId) -> Result<(), ReservationError> {
        let performance = self.read_anew(concert).await?;
        let concert = &performance.concert;
        let epoch = self.gate.epoch(concert.partition).ok_or_else(ReservationError::unverified)?;
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let configured = self.inventory.configure(&keys, epoch, concert).await;
        if configured.map_err(|error| self.lost(error))? == LoadStep::WrongEpoch {
            self.gate.close();
            return Err(ReservationError::unverified());
        }
        Ok(())
    }

    async fn read_anew(&self, concert: ConcertId) -> Result<Arc<Performance>, ReservationError> {
        let performance = self.catalogue.refresh(concert).await;
        performance.map_err(ReservationError::unavailable)?.ok_or(ReservationError::NoSuchConcert)
    }
}
