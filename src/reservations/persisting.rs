//! Write-behind, one step at a time: from a partition's log to PostgreSQL.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{ReservationError, Reservations};
use crate::domain::limits::ENTRIES_PER_APPLY_MAX;
use crate::domain::log_entry::LogEntry;
use crate::domain::position::{Epoch, Position};
use crate::inventory::InventoryError;
use crate::ledger::apply::ApplyError;
use crate::ledger::{self, LedgerError, PgPool};
use crate::telemetry;

/// How long loading and rebuilding may wait for the log to be persisted.
const PERSIST_ALL_WITHIN: Duration = Duration::from_secs(10);

/// Where a writer stands in a partition's log. Two writers are harmless: PostgreSQL accepts a batch
/// only from the position that it has itself.
#[derive(Debug)]
pub struct Writer {
    partition: u16,
    epoch: Epoch,
    position: Position,
}

/// Why a step wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum PersistError {
    /// Another writer was faster, or the partition was rebuilt: start again from PostgreSQL.
    #[error("another writer has moved on from here")]
    StaleWriter,
    /// Redis has lost the entry at PostgreSQL's position: this is not the log that went before it.
    #[error("the log is not the one that was persisted so far")]
    AnotherLog,
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] InventoryError),
    /// PostgreSQL could not be asked.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// PostgreSQL could not be written.
    #[error(transparent)]
    Apply(ApplyError),
}

/// Which log to persist all of.
#[derive(Clone, Copy)]
pub(super) enum Log {
    /// The one that was persisted so far, and no other.
    Whole,
    /// One that is about to be emptied, though it lost some of what was persisted of it.
    Survivors,
}

/// What a step wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersistStep {
    /// Log entries that are now behind us.
    pub entries: usize,
    /// Sales that PostgreSQL did not take because their seats were sold.
    pub conflicts: usize,
    /// Sales that PostgreSQL refused for what they are.
    pub refused: usize,
}

impl From<ApplyError> for PersistError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::StaleWriter { .. } => Self::StaleWriter,
            error => Self::Apply(error),
        }
    }
}

impl Writer {
    /// The partition it writes.
    pub fn partition(&self) -> u16 {
        self.partition
    }

    /// How far the partition's log is persisted, as far as this writer knows.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl Reservations {
    /// A writer that starts where PostgreSQL is.
    ///
    /// # Errors
    /// When PostgreSQL does not answer.
    pub async fn start_writer(&self, partition: u16) -> Result<Writer, LedgerError> {
        Self::start_writer_on(&self.ledger, partition).await
    }

    async fn start_writer_on(ledger: &PgPool, partition: u16) -> Result<Writer, LedgerError> {
        let row = ledger::partitions::read(ledger, partition).await?;
        Ok(Writer { partition, epoch: row.epoch, position: row.position })
    }

    /// Persists the next batch of the log, if it is still the log that was persisted so far.
    ///
    /// It is not when Redis was replaced by one that lags while a writer had read what that one lacks,
    /// and applied it afterwards: no verification could see that coming. The gate is closed then.
    ///
    /// # Errors
    /// When nothing was written; the step can be taken again.
    pub async fn persist_batch(&self, writer: &mut Writer) -> Result<PersistStep, PersistError> {
        self.persist_batch_of(Log::Whole, &self.ledger, writer).await
    }

    async fn persist_batch_of(
        &self,
        log: Log,
        ledger: &PgPool,
        writer: &mut Writer,
    ) -> Result<PersistStep, PersistError> {
        let entries = self.read_batch(writer).await?;
        // In this order: what was read is from this log, or from one that has ended since.
        let is_another = match log {
            Log::Whole => !self.inventory.log_holds(writer.partition, writer.position).await?,
            Log::Survivors => false,
        };
        if is_another {
            self.gate.close();
            return Err(PersistError::AnotherLog);
        }
        apply_batch(ledger, writer, &entries).await
    }

    async fn read_batch(&self, writer: &Writer) -> Result<Vec<LogEntry>, InventoryError> {
        let Writer { partition, position, .. } = *writer;
        self.inventory.entries_after(partition, position, ENTRIES_PER_APPLY_MAX).await
    }

    /// Waits for new entries, or until the time is over.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn wait_for_entries(
        &self,
        writer: &Writer,
        at_most: Duration,
    ) -> Result<(), InventoryError> {
        self.inventory.wait_for_entry(writer.partition, writer.position, at_most).await
    }

    /// Lets Redis forget what PostgreSQL has.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn trim(&self, writer: &Writer) -> Result<(), InventoryError> {
        self.inventory.trim_log(writer.partition, writer.position).await
    }

    /// Persists the log up to a position that was told of.
    pub(super) async fn persist_until(
        &self,
        writer: &mut Writer,
        position: Position,
    ) -> Result<(), PersistError> {
        while writer.position < position {
            if self.persist_batch(writer).await?.entries == 0 {
                self.gate.close();
                return Err(PersistError::AnotherLog);
            }
        }
        Ok(())
    }

    /// Persists a partition's log as far as it reaches now.
    pub(super) async fn persist_all(
        &self,
        partition: u16,
        log: Log,
    ) -> Result<Position, ReservationError> {
        let give_up = Instant::now() + PERSIST_ALL_WITHIN;
        let ledger = match log {
            Log::Whole => &self.ledger,
            Log::Survivors => &self.ledger_to_verify,
        };
        let target = self.inventory.last_position(partition).await;
        let target = target.map_err(|error| self.lost(error))?;
        loop {
            let writer = Self::start_writer_on(ledger, partition).await;
            let mut writer = writer.map_err(ReservationError::unavailable)?;
            while writer.position < target {
                match self.persist_batch_of(log, ledger, &mut writer).await {
                    // Nothing after it survives.
                    Ok(step) if step.entries == 0 => return Ok(target),
                    Ok(_) => {}
                    Err(PersistError::StaleWriter) => break,
                    Err(error) => return Err(ReservationError::unavailable(error)),
                }
            }
            if writer.position >= target {
                return Ok(writer.position);
            }
            if Instant::now() >= give_up {
                return Err(ReservationError::unavailable("the log takes long to persist"));
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn apply_batch(
    ledger: &PgPool,
    writer: &mut Writer,
    entries: &[LogEntry],
) -> Result<PersistStep, PersistError> {
    let Writer { partition, epoch, position } = *writer;
    if entries.is_empty() {
        return Ok(PersistStep::default());
    }
    let applied = ledger::apply::apply(ledger, partition, epoch, position, entries);
    let applied = applied.await?;
    writer.position = applied.position;
    let step = PersistStep {
        entries: entries.len(),
        conflicts: applied.conflicts.len(),
        refused: applied.refused,
    };
    telemetry::persisted(step.entries, step.conflicts, applied.dead_letters);
    Ok(step)
}
