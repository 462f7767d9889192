//! Reading a partition's log, from wherever the reader stands.

use std::time::Duration;

use redis::AsyncCommands;
use redis::aio::ConnectionLike;
use redis::streams::{
    StreamId, StreamInfoStreamReply, StreamRangeReply, StreamReadOptions, StreamReadReply,
};

use super::keys::PartitionKeys;
use super::packed::unpack_event;
use super::{Inventory, InventoryError};
use crate::domain::log_entry::{LogEntry, LogEvent};
use crate::domain::position::Position;

impl Inventory {
    /// The entries after a position, at most `count`, without waiting.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn entries_after(
        &self,
        partition: u16,
        position: Position,
        count: usize,
    ) -> Result<Vec<LogEntry>, InventoryError> {
        let mut connection = self.pool.get().await?;
        let from = format!("({position}");
        let reply: StreamRangeReply =
            connection.xrange_count(PartitionKeys::new(partition).log, from, "+", count).await?;
        reply.ids.into_iter().map(read_entry).collect()
    }

    /// The last position that the log has reached.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn last_position(&self, partition: u16) -> Result<Position, InventoryError> {
        let mut connection = self.pool.get().await?;
        last_position(&mut connection, &PartitionKeys::new(partition).log).await
    }

    /// Whether this is the log that had an entry at a position, as far as can be told: it has it, or
    /// none so old any more.
    ///
    /// False only when it has an older entry and not this one, and no log comes to that by itself. It is
    /// trimmed from its beginning, so that an entry goes after all that are older; a log that begins anew
    /// begins after every position that is known; one that was never used, or has nothing left, has nothing
    /// older. PostgreSQL's position is always that of an entry, or the start.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn log_holds(
        &self,
        partition: u16,
        position: Position,
    ) -> Result<bool, InventoryError> {
        let mut connection = self.pool.get().await?;
        holds(&mut connection, &PartitionKeys::new(partition).log, position).await
    }

    /// Waits until there is an entry after a position, or the time is over. The entry is read again
    /// by [`entries_after`](Self::entries_after): waking up says nothing but that there is one.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn wait_for_entry(
        &self,
        partition: u16,
        position: Position,
        at_most: Duration,
    ) -> Result<(), InventoryError> {
        let mut connection = self.pool.get().await?;
        let options = StreamReadOptions::default().block(at_most.as_millis() as usize).count(1);
        let keys = [PartitionKeys::new(partition).log];
        let _: Option<StreamReadReply> =
            connection.xread_options(&keys, &[position.to_string()], &options).await?;
        Ok(())
    }

    /// Forgets entries up to a position. Whole nodes of the stream only, because that is cheap.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn trim_log(&self, partition: u16, until: Position) -> Result<(), InventoryError> {
        let mut connection = self.pool.get().await?;
        let () = redis::cmd("XTRIM")
            .arg(PartitionKeys::new(partition).log)
            .arg(&["MINID", "~"])
            .arg(until.to_string())
            .query_async(&mut connection)
            .await?;
        Ok(())
    }
}

/// The last id that a stream gave out, even if its entry was trimmed; the start when there is none.
pub(super) async fn last_position(
    connection: &mut impl ConnectionLike,
    log: &str,
) -> Result<Position, InventoryError> {
    let exists: bool = redis::cmd("EXISTS").arg(log).query_async(connection).await?;
    if !exists {
        return Ok(Position::START);
    }
    let mut command = redis::cmd("XINFO");
    let info: StreamInfoStreamReply =
        command.arg("STREAM").arg(log).query_async(connection).await?;
    let last = info.last_generated_id.parse::<Position>();
    last.map_err(|error| InventoryError::Unreadable(error.to_string()))
}

/// Whether a log has the entry at a position, as far as can be told: what was trimmed away, up to
/// beyond that position, it may well have had.
pub(super) async fn holds(
    connection: &mut impl ConnectionLike,
    log: &str,
    position: Position,
) -> Result<bool, InventoryError> {
    let mut command = redis::cmd("XREVRANGE");
    command.arg(log).arg(position.to_string()).arg("-").arg("COUNT").arg(1);
    let newest: StreamRangeReply = command.query_async(connection).await?;
    let at = position.to_string();
    Ok(newest.ids.first().is_none_or(|entry| entry.id == at))
}

pub(super) fn read_entry(entry: StreamId) -> Result<LogEntry, InventoryError> {
    let position = entry.id.parse::<Position>();
    let position = position.map_err(|error| InventoryError::Unreadable(error.to_string()))?;
    let event = match entry.get::<Vec<u8>>("e") {
        Some(bytes) => unpack_event(&bytes),
        None => LogEvent::Unreadable { bytes: Vec::new(), reason: "it has no field e".into() },
    };
    Ok(LogEntry { position, event })
}
