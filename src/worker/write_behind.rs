//! Carries a partition's log to PostgreSQL for as long as its lease lasts.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::{REST_AFTER_FAILURE, rest};
use crate::domain::limits::ENTRIES_PER_APPLY_MAX;
use crate::reservations::{PersistError, PersistStep, Reservations, Writer};

/// How long to wait for entries before looking at the lease again.
const WAIT_FOR_ENTRIES: Duration = Duration::from_millis(500);
/// How long to let entries gather after a small batch: a waiting reader is woken by every claim,
/// and claims would pay for it.
const GATHER: Duration = Duration::from_millis(5);

/// Writes batch after batch; whatever fails is taken up again where PostgreSQL is.
pub(super) async fn run(
    reservations: &Reservations,
    partition: u16,
    stop: &CancellationToken,
    progress: &Progress,
) {
    let mut failing = false;
    while !stop.is_cancelled() {
        let written = write(reservations, partition, stop, progress, &mut failing).await;
        let Err(error) = written else { return };
        // Another writer is at work, which is as it should be; anything else is said, and once: a
        // store that is away for a minute should not fill the log.
        if !failing && !matches!(error, PersistError::StaleWriter) {
            tracing::warn!(partition, %error, "the log waits to be persisted");
            failing = true;
        }
        rest(stop, REST_AFTER_FAILURE).await;
    }
}

async fn write(
    reservations: &Reservations,
    partition: u16,
    stop: &CancellationToken,
    progress: &Progress,
    failing: &mut bool,
) -> Result<(), PersistError> {
    let mut writer = reservations.start_writer(partition).await?;
    // Whoever wrote before may have left sales that have to be taken back.
    let mut owes = true;
    while !stop.is_cancelled() {
        let step = persist(reservations, &mut writer).await?;
        progress.made();
        if std::mem::take(failing) {
            tracing::info!(partition, "the log is persisted again");
        }
        owes |= step.conflicts + step.refused > 0;
        owes = owes && !compensate(reservations, &mut writer).await;
        match step.entries {
            0 => {
                let wait = reservations.wait_for_entries(&writer, WAIT_FOR_ENTRIES);
                stop.run_until_cancelled(wait).await.transpose()?;
            }
            ENTRIES_PER_APPLY_MAX => {}
            _ => rest(stop, GATHER).await,
        }
    }
    Ok(())
}

/// One batch, after which Redis need not remember it.
async fn persist(
    reservations: &Reservations,
    writer: &mut Writer,
) -> Result<PersistStep, PersistError> {
    let step = reservations.persist_batch(writer).await?;
    if step.entries > 0 {
        reservations.trim(writer).await?;
    }
    Ok(step)
}

/// Takes back what PostgreSQL did not take; false when some is left for the next time. That must never
/// keep other sales from being persisted.
async fn compensate(reservations: &Reservations, writer: &mut Writer) -> bool {
    let partition = writer.partition();
    match reservations.compensate(writer).await {
        Ok(0) => true,
        Ok(sales) => {
            tracing::error!(partition, sales, "sales that PostgreSQL did not take: cancelled");
            true
        }
        Err(error) => {
            tracing::warn!(partition, %error, "sales that PostgreSQL did not take wait to be cancelled");
            false
        }
    }
}
