//! What keeps the view up to date.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use redis::streams::StreamRangeReply;
use tokio::time::Instant;

use super::{Reading, View, keys_of, snapshot};
use crate::domain::ids::ConcertId;
use crate::domain::limits::ENTRIES_PER_READ_MAX;
use crate::domain::position::Position;
use crate::inventory::InventoryError;
use crate::inventory::keys::PartitionKeys;
use crate::inventory::log::read_entry;

/// The pause between two readings.
pub const READ_EVERY: Duration = Duration::from_millis(15);

/// Reads the logs of the concerts that are followed.
pub struct Reader {
    view: View,
    connection: Option<deadpool_redis::Connection>,
    /// How far the log of each partition was read.
    positions: HashMap<u16, Position>,
}

impl Reader {
    pub(super) fn new(view: View) -> Self {
        Self { view, connection: None, positions: HashMap::new() }
    }

    /// Waits until there is something to follow, or somebody asks.
    pub async fn until_asked(&self) {
        if self.view.followed().is_empty() {
            self.view.shared.asked.notified().await;
        }
    }

    /// Brings the view up to date once. True when there is more to be read at once.
    ///
    /// # Errors
    /// When Redis does not answer; nothing is forgotten, and the next reading goes on from there.
    pub async fn read(&mut self) -> Result<bool, InventoryError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.view.shared.inventory.pool.get().await?,
        };
        // A connection that failed is not used again.
        let (connection, more) = self.read_with(connection).await?;
        self.connection = Some(connection);
        self.view.followed().drop_unasked();
        Ok(more)
    }

    async fn read_with(
        &mut self,
        mut connection: deadpool_redis::Connection,
    ) -> Result<(deadpool_redis::Connection, bool), InventoryError> {
        let view = self.view.clone();
        let number = view.shared.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let begun_at = Instant::now();
        // Before the logs, and by the same task: what the log has after a snapshot is still to come.
        let unread = view.followed().unread();
        for (partition, concert, capacity) in unread {
            let concert = (partition, concert);
            self.read_snapshot(&mut connection, concert, capacity, begun_at).await?;
        }
        let partitions = view.followed().partitions();
        self.positions.retain(|partition, _| partitions.contains(partition));
        let mut pipe = redis::pipe();
        pipe.cmd("TIME");
        for (partition, position) in &self.positions {
            let log = PartitionKeys::new(*partition).log;
            // From the entry that was read last on: only while it is there, none after it is lost.
            pipe.xrange_count(log, position.to_string(), "+", ENTRIES_PER_READ_MAX + 1);
        }
        let replies: Vec<redis::Value> = pipe.query_async(&mut connection).await?;
        let ended_at = Instant::now();
        let mut replies = replies.into_iter();
        let time = replies.next().unwrap_or(redis::Value::Nil);
        let (seconds, microseconds): (i64, i64) = from_value(time)?;
        let mut more = false;
        let partitions: Vec<_> = self.positions.keys().copied().collect();
        for (partition, reply) in partitions.into_iter().zip(replies) {
            more |= self.take_in(partition, from_value(reply)?)?;
        }
        let redis_ms = seconds * 1_000 + microseconds / 1_000;
        view.shared.finished.send_replace(Reading { number, begun_at, redis_ms, ended_at });
        Ok((connection, more))
    }

    async fn read_snapshot(
        &mut self,
        connection: &mut deadpool_redis::Connection,
        (partition, concert): (u16, ConcertId),
        capacity: u32,
        at: Instant,
    ) -> Result<(), InventoryError> {
        let seats = snapshot::read(connection, &keys_of(partition, concert), capacity).await?;
        if let Some(seats) = &seats {
            self.positions.entry(partition).or_insert(seats.position());
        }
        self.view.followed().begin(concert, seats, at);
        Ok(())
    }

    /// Takes in what a log answered; true when it has more.
    fn take_in(&mut self, partition: u16, reply: StreamRangeReply) -> Result<bool, InventoryError> {
        let Some(position) = self.positions.get(&partition).copied() else { return Ok(false) };
        let entries: Result<Vec<_>, _> = reply.ids.into_iter().map(read_entry).collect();
        let entries = entries?;
        match entries.split_first() {
            Some((last_read, new)) if last_read.position == position => {
                let until = new.last().map_or(position, |entry| entry.position);
                self.view.followed().apply(partition, new, until);
                self.positions.insert(partition, until);
                Ok(new.len() == ENTRIES_PER_READ_MAX)
            }
            // It was trimmed, or the log began anew: there is no telling what came after it.
            _ => {
                self.positions.remove(&partition);
                self.view.followed().lose(partition);
                Ok(true)
            }
        }
    }
}

fn from_value<T: redis::FromRedisValue>(value: redis::Value) -> Result<T, InventoryError> {
    Ok(redis::from_redis_value(value).map_err(redis::RedisError::from)?)
}
