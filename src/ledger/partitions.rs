//! How far each partition's log was applied, and in which epoch.

use sqlx::{PgExecutor, PgPool};

use super::LedgerError;
use crate::domain::position::{Epoch, Position};

/// Where a partition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionRow {
    /// How often its state in Redis was rebuilt.
    pub epoch: Epoch,
    /// The last entry of its log that was applied.
    pub position: Position,
}

/// Makes the rows of partitions `0..partitions`; those that are there stay as they are.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn ensure(pool: &PgPool, partitions: u16) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/partitions_ensure.sql"));
    query.bind(i32::from(partitions)).execute(pool).await?;
    Ok(())
}

/// Where a partition stands; one that was never seen stands at the start of its log.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn read(pool: &PgPool, partition: u16) -> Result<PartitionRow, LedgerError> {
    if let Some(row) = find(pool, partition).await? {
        return Ok(row);
    }
    let create = sqlx::query(include_str!("sql/partition_create.sql"));
    create.bind(i32::from(partition)).execute(pool).await?;
    let missing = || unreadable(format!("partition {partition} was made and is not there"));
    find(pool, partition).await?.ok_or_else(missing)
}

/// The same for whoever looks at one moment; none for a partition that was never seen.
pub(super) async fn find(
    executor: impl PgExecutor<'_>,
    partition: u16,
) -> Result<Option<PartitionRow>, LedgerError> {
    let query = sqlx::query_as::<_, (i64, i64, i64)>(include_str!("sql/partition_read.sql"));
    let row = query.bind(i32::from(partition)).fetch_optional(executor);
    let Some((epoch, ms, sequence)) = row.await? else {
        return Ok(None);
    };
    let epoch = u32::try_from(epoch).map_err(|error| unreadable(error.to_string()))?;
    Ok(Some(PartitionRow { epoch: Epoch(epoch), position: position(ms, sequence)? }))
}

/// Begins an epoch for a rebuild, which goes on from a position; `false` if the partition was not, or no
/// longer, in the epoch `from`.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the position is beyond what it can store.
pub async fn raise_epoch(
    pool: &PgPool,
    partition: u16,
    from: Epoch,
    to: Epoch,
    position: Position,
) -> Result<bool, LedgerError> {
    assert!(from < to, "epochs only rise: {from} to {to}");
    let (ms, sequence) = columns(position)?;
    let raised = sqlx::query(include_str!("sql/partition_raise_epoch.sql"))
        .bind(i32::from(partition))
        .bind(i64::from(from.0))
        .bind(i64::from(to.0))
        .bind(ms)
        .bind(sequence)
        .execute(pool)
        .await?;
    Ok(raised.rows_affected() == 1)
}

/// A position as its two columns hold it. Redis's ids are unsigned, PostgreSQL's integers are not;
/// no clock will reach the difference, so that meeting it means that the id is not Redis's.
pub(super) fn columns(position: Position) -> Result<(i64, i64), LedgerError> {
    match (i64::try_from(position.ms), i64::try_from(position.sequence)) {
        (Ok(ms), Ok(sequence)) => Ok((ms, sequence)),
        _ => Err(unreadable(format!("{position} is no position of a log"))),
    }
}

/// The position that two columns hold.
pub(super) fn position(ms: i64, sequence: i64) -> Result<Position, LedgerError> {
    match (u64::try_from(ms), u64::try_from(sequence)) {
        (Ok(ms), Ok(sequence)) => Ok(Position { ms, sequence }),
        _ => Err(unreadable(format!("{ms}-{sequence} is no position of a log"))),
    }
}

fn unreadable(reason: String) -> LedgerError {
    LedgerError::Unreadable { table: "partitions", reason }
}
