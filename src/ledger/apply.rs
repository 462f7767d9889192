//! Write-behind: applies a batch of a partition's log in one transaction that also moves the
//! partition's position. Applying entries again changes nothing, so that a writer which does not
//! know how its last batch ended, or a rebuilt partition, may simply read them again.

mod area_rows;
mod batch;
mod blocked;
mod dead_letters;
mod events;
mod fold;
mod referee;
mod rows;

use sqlx::{PgPool, Postgres, Transaction};

use super::conflicts::Conflict;
use super::{LedgerError, partitions};
use crate::domain::limits::ENTRIES_PER_APPLY_MAX;
use crate::domain::log_entry::LogEntry;
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::{Cause, State};

use batch::{Trouble, Written};
use dead_letters::DeadLetter;
use fold::Outcome;
use referee::{Losers, Lost};

/// What a batch did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Where the partition stands now.
    pub position: Position,
    /// Reservations newly written as confirmed.
    pub confirmed: usize,
    /// Reservations newly written as cancelled, other than the losers of conflicts.
    pub cancelled: usize,
    /// Reservations that were confirmed in Redis and lost to others here, in the log's order.
    pub conflicts: Vec<Conflict>,
    /// Entries that could not be read or were refused, and are kept for a person to look at.
    pub dead_letters: usize,
    /// Sales among them, which have to be cancelled in Redis.
    pub refused: usize,
}

/// Why a batch was not applied. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The partition is not, or no longer, where this writer believes: another one is at work.
    #[error("partition {partition} is not at {from} in epoch {epoch}: another writer moved it")]
    StaleWriter {
        /// The partition.
        partition: u16,
        /// The epoch that the writer believes in.
        epoch: Epoch,
        /// Where it believes the partition stands.
        from: Position,
    },
    /// The entries are no batch of a log: a mistake of the caller's.
    #[error("partition {partition} after {from}: {reason}")]
    Malformed {
        /// The partition.
        partition: u16,
        /// Where the writer believes it stands.
        from: Position,
        /// What is wrong with the entries.
        reason: &'static str,
    },
    /// PostgreSQL cannot do it now. Whether it was done is *unknown* if the connection was lost
    /// at the end: read the partition's position.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Applies the entries that follow `from` in a partition's log, all or none, and moves the position
/// to the last of them.
///
/// # Errors
/// See [`ApplyError`]; nothing was written.
pub async fn apply(
    pool: &PgPool,
    partition: u16,
    epoch: Epoch,
    from: Position,
    entries: &[LogEntry],
) -> Result<Applied, ApplyError> {
    let to = match last_position(from, entries) {
        Ok(Some(to)) => to,
        Ok(None) => return Ok(Applied::nothing(from)),
        Err(reason) => {
            return Err(ApplyError::Malformed { partition, from, reason });
        }
    };
    let mut transaction = pool.begin().await.map_err(LedgerError::from)?;
    // The fence comes first because it locks the partition's row: of two writers with the same
    // batch, the second waits here, finds the position moved, and leaves without having written.
    if !move_position(&mut transaction, partition, epoch, from, to).await? {
        return Err(ApplyError::StaleWriter { partition, epoch, from });
    }
    events::insert(&mut transaction, partition, epoch, entries).await?;
    blocked::upsert(&mut transaction, entries).await?;
    let applied = write(&mut transaction, partition, to, entries).await?;
    transaction.commit().await.map_err(LedgerError::from)?;
    Ok(applied)
}

/// The position of the last entry, after checking that the entries follow `from` in order: the
/// fence compares only the ends of a batch.
fn last_position(from: Position, entries: &[LogEntry]) -> Result<Option<Position>, &'static str> {
    if entries.len() > ENTRIES_PER_APPLY_MAX {
        return Err("more entries than one transaction may apply");
    }
    let mut last = from;
    for entry in entries {
        if entry.position <= last {
            return Err("entries that do not follow one another");
        }
        last = entry.position;
    }
    Ok((last > from).then_some(last))
}

async fn move_position(
    transaction: &mut Transaction<'_, Postgres>,
    partition: u16,
    epoch: Epoch,
    from: Position,
    to: Position,
) -> Result<bool, LedgerError> {
    let (from_ms, from_sequence) = partitions::columns(from)?;
    let (to_ms, to_sequence) = partitions::columns(to)?;
    let moved = sqlx::query(include_str!("sql/partition_move.sql"))
        .bind(i32::from(partition))
        .bind(i64::from(epoch.0))
        .bind(from_ms)
        .bind(from_sequence)
        .bind(to_ms)
        .bind(to_sequence)
        .execute(&mut **transaction)
        .await?;
    Ok(moved.rows_affected() == 1)
}

/// Writes what a batch says: the whole of it at once; if seats are taken, once more without the
/// losers. What PostgreSQL still refuses is halved until the reservation at fault stands alone, so
/// that a thousand good ones pay for one bad one with some twenty tries and not with a savepoint
/// each. Halves are taken in the log's order, because a seat may be cancelled in the first and sold
/// again in the second.
///
/// A sale that is refused for good is over. As a confirmed one it would be there until Redis is next
/// rebuilt, and then be gone without anybody being told, its seats sold to others; so it is told now,
/// while its buyer can choose other seats or be given the money back: stored as cancelled, and then
/// cancelled in Redis, as one that lost a conflict.
async fn write(
    transaction: &mut Transaction<'_, Postgres>,
    partition: u16,
    to: Position,
    entries: &[LogEntry],
) -> Result<Applied, LedgerError> {
    let folded = fold::fold(entries);
    let mut applied = Applied::nothing(to);
    let mut letters = folded.unreadable;
    rows::insert_users(transaction, &folded.outcomes).await?;
    let mut waiting: Vec<&[Outcome<'_>]> = vec![&folded.outcomes];
    while let Some(part) = waiting.pop() {
        let mut result = batch::attempt(transaction, part, &Losers::new()).await?;
        if let Err(Trouble::SeatTaken { news }) = &result {
            let losers = referee::losers(transaction, part, news).await?;
            result = batch::attempt(transaction, part, &losers).await?;
        }
        match (result, part) {
            (Ok(written), _) => applied.count(written),
            // Its sale is a dead letter already, of which this tells nothing new but that it is over.
            (Err(_), [outcome]) if outcome.reservation.cause == Cause::Refused => {
                store_as_refused(transaction, part).await?;
            }
            (Err(trouble), [outcome]) => {
                letters.push(DeadLetter::refused(outcome, trouble.reason()));
                if outcome.reservation.state == State::Confirmed {
                    applied.refused += 1;
                    store_as_refused(transaction, part).await?;
                }
            }
            (Err(_), _) => {
                let (first, second) = part.split_at(part.len() / 2);
                waiting.extend([second, first]);
            }
        }
    }
    applied.dead_letters = letters.len();
    dead_letters::insert(transaction, partition, &letters).await?;
    report(partition, &applied, &letters);
    Ok(applied)
}

/// Keeps of a refused sale what can be kept: that it was, without its seats and places, so that its id
/// is known after a rebuild, too. If that is refused as well, its dead letter alone tells of it.
async fn store_as_refused(
    transaction: &mut Transaction<'_, Postgres>,
    sale: &[Outcome<'_>],
) -> Result<(), LedgerError> {
    let refused = sale.iter().map(|outcome| (outcome.reservation.id, Lost::default())).collect();
    let _ = batch::attempt(transaction, sale, &refused).await?;
    Ok(())
}

/// Both are what somebody has to look at, so that they are told before the transaction ends:
/// twice is better than never.
fn report(partition: u16, applied: &Applied, letters: &[DeadLetter]) {
    for conflict in &applied.conflicts {
        tracing::error!(partition, ?conflict, "a sale in Redis lost to one in PostgreSQL");
    }
    for letter in letters {
        tracing::error!(partition, position = %letter.position, reason = letter.reason, "a log entry was not applied");
    }
}

impl Applied {
    fn nothing(position: Position) -> Self {
        let conflicts = Vec::new();
        Self { position, confirmed: 0, cancelled: 0, conflicts, dead_letters: 0, refused: 0 }
    }

    fn count(&mut self, written: Written) {
        self.confirmed += written.confirmed;
        self.cancelled += written.cancelled;
        self.conflicts.extend(written.conflicts);
    }
}
