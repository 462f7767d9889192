//! Verifying Redis before claims are sent to it, and rebuilding what was lost.
//!
//! A partition is intact when its log has what PostgreSQL has applied and what this process has seen, in
//! the epoch that PostgreSQL knows. Then holds live on. Otherwise PostgreSQL's epoch rises, what survives
//! of the log is persisted, and the partition is emptied; concerts are loaded again on demand.
//!
//! The epoch rises first because persisting moves PostgreSQL on along the log that lost something: if
//! the rebuild were cut off there, the next verification would find all in order. As it is, it finds
//! Redis in an epoch that has ended.

use std::time::Duration;

use super::persisting::Log;
use super::{ReservationError, Reservations};
use crate::domain::position::{Epoch, Position};
use crate::inventory::InventoryError;
use crate::inventory::fence::{PartitionState, Verification};
use crate::inventory::keys;
use crate::ledger::partitions::PartitionRow;
use crate::ledger::{self, LedgerError};

/// How long others wait for a verification whose process died in it: claims are refused meanwhile. While
/// it goes on it is prolonged; and it is safe beside another, since emptying a partition is conditional.
const VERIFY_LOCK_TTL: Duration = Duration::from_secs(3);
/// How long to wait for somebody else's verification.
const VERIFY_LOCK_WAIT: Duration = Duration::from_secs(10);

/// Why the gate stays closed.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// Redis cannot be looked at.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// PostgreSQL cannot be asked how far it is.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What survives of the log could not be persisted.
    #[error(transparent)]
    Persist(#[from] ReservationError),
}

/// What a look at a partition tells.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Redis has everything.
    Intact,
    /// Neither store has ever had anything.
    Fresh,
    /// Redis is an epoch ahead of PostgreSQL, which was restored, or has not been told of a rebuild.
    RaiseUnfinished(Epoch),
    /// Redis has lost changes.
    Lost,
    /// Redis is in an epoch that has ended: it was restored, or its rebuild was cut off.
    Ended,
}

impl Reservations {
    /// Looks at Redis, rebuilds what was lost, and opens the gate.
    ///
    /// # Errors
    /// [`RecoveryError`] says what is in the way; the gate stays as it was.
    pub async fn verify(&self) -> Result<(), RecoveryError> {
        // A Redis that cannot be reached says here why; of a lock that cannot be had, nobody knows.
        let verification = self.inventory.begin_verification().await?;
        let name = keys::lock("verify", "all");
        let held = self.locks.take(&name, VERIFY_LOCK_TTL, VERIFY_LOCK_WAIT).await?;
        held.during(self.verify_partitions(verification)).await
    }

    /// Closes the gate when Redis is no longer what was verified: another process, without scripts, or
    /// in other epochs. One round trip, for whoever looks from time to time. A Redis that cannot be asked
    /// leaves the gate as it is, since nothing can be claimed or read there anyway.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn doubt(&self) -> Result<(), InventoryError> {
        let epochs = (0..self.inventory.partitions()).map(|partition| self.gate.epoch(partition));
        let Some(epochs) = epochs.collect::<Option<Vec<_>>>() else { return Ok(()) };
        if !self.inventory.is_as_verified(&epochs).await? {
            tracing::warn!("Redis is not what was verified: its state is looked at again");
            self.gate.close();
        }
        Ok(())
    }

    async fn verify_partitions(&self, mut verification: Verification) -> Result<(), RecoveryError> {
        for complaint in verification.complaints().await {
            tracing::warn!("{complaint}");
        }
        let mut epochs = Vec::new();
        for partition in 0..self.inventory.partitions() {
            epochs.push(self.verify_partition(&mut verification, partition).await?);
        }
        verification.load_scripts().await?;
        self.gate.open(&epochs);
        Ok(())
    }

    async fn verify_partition(
        &self,
        verification: &mut Verification,
        partition: u16,
    ) -> Result<Epoch, RecoveryError> {
        loop {
            let seen = self.gate.highest_seen(partition);
            let row = ledger::partitions::read(&self.ledger_to_verify, partition).await?;
            let state = verification.state(partition, &[seen, row.position]).await?;
            match judge(state, row, seen) {
                Verdict::Intact => return Ok(row.epoch),
                Verdict::Fresh => verification.start_epoch(partition, row.epoch).await?,
                Verdict::RaiseUnfinished(to) => {
                    self.raise(partition, row, to).await?;
                }
                Verdict::Lost => {
                    let to = row.epoch.max(state.epoch.unwrap_or(row.epoch)).next();
                    tracing::warn!(partition, ?state, ?row, ?seen, "Redis has lost changes");
                    if self.raise(partition, row, to).await? {
                        let row = PartitionRow { epoch: to, ..row };
                        self.rebuild(verification, partition, state, row).await?;
                    }
                }
                Verdict::Ended => self.rebuild(verification, partition, state, row).await?,
            }
        }
    }

    /// Raises PostgreSQL's epoch; false when somebody else has.
    async fn raise(
        &self,
        partition: u16,
        row: PartitionRow,
        to: Epoch,
    ) -> Result<bool, RecoveryError> {
        let PartitionRow { epoch, position } = row;
        let ledger = &self.ledger_to_verify;
        Ok(ledger::partitions::raise_epoch(ledger, partition, epoch, to, position).await?)
    }

    /// Persists what survives and empties the partition for PostgreSQL's epoch. Its log may go on
    /// meanwhile, because an instance that has not noticed is still granting claims; then it is looked
    /// at again, and `reset.lua` has seen to it that those notice.
    async fn rebuild(
        &self,
        verification: &mut Verification,
        partition: u16,
        state: PartitionState,
        row: PartitionRow,
    ) -> Result<(), RecoveryError> {
        let persisted = self.persist_all(partition, Log::Survivors).await?;
        if persisted < state.last {
            return Ok(());
        }
        let seen = self.gate.highest_seen(partition);
        let first = first_after(self.inventory.now().await?, [state.last, row.position, seen]);
        if verification.reset(partition, state.last, row.epoch, first).await? {
            tracing::warn!(partition, epoch = row.epoch.0, "the partition was rebuilt");
        }
        Ok(())
    }
}

fn judge(state: PartitionState, row: PartitionRow, seen: Position) -> Verdict {
    let nothing = Position::START;
    match state.epoch {
        None if (state.last, row.position, seen) == (nothing, nothing, nothing) => Verdict::Fresh,
        Some(epoch) if epoch < row.epoch => Verdict::Ended,
        Some(epoch) if state.holds_known && epoch > row.epoch => Verdict::RaiseUnfinished(epoch),
        Some(_) if state.holds_known => Verdict::Intact,
        Some(_) | None => Verdict::Lost,
    }
}

/// A position after the time and after all of these, so that positions go on rising.
fn first_after(now: jiff::Timestamp, positions: [Position; 3]) -> Position {
    let now_ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
    let highest_ms = positions.iter().map(|position| position.ms).fold(now_ms, u64::max);
    Position { ms: highest_ms + 1, sequence: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Position {
        Position { ms, sequence: 0 }
    }

    fn verdict(redis: (Option<u32>, u64), postgres: (u32, u64), seen: u64) -> Verdict {
        let (epoch, last) = (redis.0.map(Epoch), at(redis.1));
        let holds_known = at(seen) <= last && at(postgres.1) <= last;
        let state = PartitionState { epoch, last, holds_known };
        let row = PartitionRow { epoch: Epoch(postgres.0), position: at(postgres.1) };
        judge(state, row, at(seen))
    }

    #[test]
    fn redis_is_trusted_only_when_it_reaches_what_others_know() {
        assert_eq!(verdict((None, 0), (1, 0), 0), Verdict::Fresh);
        assert_eq!(verdict((Some(1), 9), (1, 9), 9), Verdict::Intact);
        assert_eq!(verdict((Some(1), 9), (1, 4), 7), Verdict::Intact);
        assert_eq!(verdict((None, 0), (1, 9), 0), Verdict::Lost, "Redis is empty");
        assert_eq!(verdict((None, 0), (1, 0), 9), Verdict::Lost, "Redis was emptied under us");
        assert_eq!(verdict((Some(1), 8), (1, 9), 0), Verdict::Lost, "older than PostgreSQL");
        assert_eq!(verdict((Some(1), 8), (1, 4), 9), Verdict::Lost, "older than what was seen");
        assert_eq!(verdict((Some(1), 9), (2, 9), 9), Verdict::Ended, "a rebuild was cut off");
        assert_eq!(verdict((Some(1), 8), (2, 9), 9), Verdict::Ended, "an older snapshot");
        let gap = PartitionState { epoch: Some(Epoch(1)), last: at(9), holds_known: false };
        let row = PartitionRow { epoch: Epoch(1), position: at(3) };
        assert_eq!(judge(gap, row, at(5)), Verdict::Lost, "others went on without what was lost");
        assert_eq!(verdict((Some(2), 9), (1, 5), 5), Verdict::RaiseUnfinished(Epoch(2)));
    }

    #[test]
    fn a_new_log_begins_after_everything() {
        let now = jiff::Timestamp::from_millisecond(50).unwrap();
        assert_eq!(first_after(now, [at(10), at(70), at(20)]), at(71));
        assert_eq!(first_after(now, [at(10), at(20), at(30)]), at(51));
    }
}
