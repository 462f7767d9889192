//! The restart fence: what has to hold before a Redis server process is trusted with claims.
//!
//! Our scripts are loaded only by [`Verification::load_scripts`]. A server process that restarted,
//! was failed over to, or was flushed does not have them, so claims there end in `NOSCRIPT` until
//! somebody has looked at its state.

use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig};

use super::keys::{ConcertKeys, PartitionKeys};
use super::log::last_position;
use super::{CONNECT_TIMEOUT, Inventory, InventoryError, RESPONSE_TIMEOUT};
use crate::domain::position::{Epoch, Position};

/// Settings that promises depend on: what they have to be, and what happens otherwise.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("maxmemory-policy", "noeviction", "it may drop seats to make room, so set noeviction"),
    ("appendonly", "yes", "a restart loses every hold, and sales that PostgreSQL has not got yet"),
    ("appendfsync", "always", "a power cut can lose a second of sales that were confirmed"),
];

/// One look at one server process. Its connection is never made again by itself: should the process
/// go away between the look and the loading of the scripts, loading fails.
pub struct Verification {
    connection: MultiplexedConnection,
    inventory: Inventory,
}

/// What Redis says of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionState {
    /// The epoch that its state belongs to; none when it was never used or is lost.
    pub epoch: Option<Epoch>,
    /// The last position that its log has reached.
    pub last: Position,
}

impl Inventory {
    /// Connects for one verification.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn begin_verification(&self) -> Result<Verification, InventoryError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT * 10));
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Verification { connection, inventory: self.clone() })
    }
}

impl Verification {
    /// What Redis says of a partition.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn state(&mut self, partition: u16) -> Result<PartitionState, InventoryError> {
        let keys = PartitionKeys::new(partition);
        let epoch: Option<u32> = self.connection.get(&keys.epoch).await?;
        let last = last_position(&mut self.connection, &keys.log).await?;
        Ok(PartitionState { epoch: epoch.map(Epoch), last })
    }

    /// What is set on the server so that it cannot keep our promises, as sentences. A server that
    /// does not tell its settings, as some hosted ones do not, is not complained of.
    pub async fn complaints(&mut self) -> Vec<String> {
        let mut complaints = Vec::new();
        for (setting, wanted, otherwise) in SETTINGS {
            let mut command = redis::cmd("CONFIG");
            command.arg("GET").arg(setting);
            let told: Vec<String> =
                command.query_async(&mut self.connection).await.unwrap_or_default();
            match told.as_slice() {
                [_, value] if value != wanted => {
                    complaints.push(format!("Redis has {setting} {value}: {otherwise}"));
                }
                _ => {}
            }
        }
        complaints
    }

    /// Gives a partition that was never used its first epoch.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn start_epoch(
        &mut self,
        partition: u16,
        epoch: Epoch,
    ) -> Result<(), InventoryError> {
        let key = PartitionKeys::new(partition).epoch;
        let _: bool = self.connection.set_nx(key, epoch.0).await?;
        Ok(())
    }

    /// Empties a partition and starts its next epoch, unless its log went on after `persisted`:
    /// false then, and the caller persists that first.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn reset(
        &mut self,
        partition: u16,
        persisted: Position,
        epoch: Epoch,
        first: Position,
    ) -> Result<bool, InventoryError> {
        let PartitionKeys { log, deadlines, epoch: epoch_key, loaded } =
            PartitionKeys::new(partition);
        let mut command = redis::cmd("EVAL");
        command
            .arg(&self.inventory.scripts.reset.source)
            .arg(4)
            .arg(&[log, deadlines, epoch_key, loaded])
            .arg(&[persisted.to_string(), epoch.to_string(), first.to_string()])
            .arg(ConcertKeys::suffixes());
        Ok(command.query_async(&mut self.connection).await?)
    }

    /// Lets claims through: loads the scripts on the connection that was verified.
    ///
    /// # Errors
    /// When the server process is gone, or another than the one that was looked at.
    pub async fn load_scripts(mut self) -> Result<(), InventoryError> {
        for script in self.inventory.scripts.all() {
            let mut command = redis::cmd("SCRIPT");
            command.arg("LOAD").arg(&script.source);
            let sha: String = command.query_async(&mut self.connection).await?;
            assert_eq!(sha, script.sha, "Redis and we disagree on the digest of {}", script.verb);
        }
        Ok(())
    }
}
