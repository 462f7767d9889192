//! The restart fence: what has to hold before a Redis server process is trusted with claims.
//!
//! Our scripts are loaded only by [`Verification::load_scripts`], and name the server process that
//! they are for. A process that restarted, was failed over to, or was flushed does not have them, so
//! an instance's claims there end in `NOSCRIPT` until that instance has looked at its state.

use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig, InfoDict, RedisError, Value};

use super::keys::{ConcertKeys, PartitionKeys};
use super::log::{holds, last_position};
use super::scripts::Scripts;
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
    scripts: Scripts,
}

/// What Redis says of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionState {
    /// The epoch that its state belongs to; none when it was never used or is lost.
    pub epoch: Option<Epoch>,
    /// The last position that its log has reached.
    pub last: Position,
    /// Whether the log has the entries that were asked for, or has no entries so old any more.
    pub holds_known: bool,
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
        let client = &self.client;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut command = redis::cmd("INFO");
        let info: InfoDict = command.arg("server").query_async(&mut connection).await?;
        let server: Option<String> = info.get("run_id");
        let unnamed = || InventoryError::Unreadable("INFO has no run_id".into());
        let scripts = Scripts::new(&server.ok_or_else(unnamed)?);
        Ok(Verification { connection, inventory: self.clone(), scripts })
    }

    /// Whether Redis still has the scripts of the process that was verified, and its partitions are in
    /// these epochs.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn is_as_verified(&self, epochs: &[Epoch]) -> Result<bool, InventoryError> {
        let Some(scripts) = self.scripts() else { return Ok(false) };
        let mut pipe = redis::pipe();
        let exists = pipe.cmd("SCRIPT").arg("EXISTS");
        // The last to be loaded: where it is, the others are.
        exists.arg(&scripts.reset.sha);
        for partition in 0..self.partitions() {
            pipe.get(PartitionKeys::new(partition).epoch);
        }
        let mut connection = self.claims.clone();
        let values: Vec<Value> = pipe.query_async(&mut connection).await?;
        let [known, are @ ..] = values.as_slice() else { return Ok(false) };
        let known: Vec<bool> = redis::from_redis_value_ref(known).map_err(RedisError::from)?;
        let are: Vec<Option<u32>> =
            redis::from_redis_value_ref(&Value::Array(are.to_vec())).map_err(RedisError::from)?;
        let expected = epochs.iter().map(|epoch| Some(epoch.0));
        Ok(known == [true] && are.into_iter().eq(expected))
    }
}

impl Verification {
    /// What Redis says of a partition, whose log is known to have had entries at these positions.
    ///
    /// A log that reaches further may still lack them: it lost its end, and others went on from there.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn state(
        &mut self,
        partition: u16,
        known: &[Position],
    ) -> Result<PartitionState, InventoryError> {
        let keys = PartitionKeys::new(partition);
        let epoch: Option<u32> = self.connection.get(&keys.epoch).await?;
        let last = last_position(&mut self.connection, &keys.log).await?;
        let mut holds_known = true;
        for &position in known {
            holds_known = holds_known
                && position <= last
                && holds(&mut self.connection, &keys.log, position).await?;
        }
        Ok(PartitionState { epoch: epoch.map(Epoch), last, holds_known })
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
            .arg(&self.scripts.reset.source)
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
        for script in self.scripts.all() {
            let mut command = redis::cmd("SCRIPT");
            command.arg("LOAD").arg(&script.source);
            let sha: String = command.query_async(&mut self.connection).await?;
            assert_eq!(sha, script.sha, "Redis and we disagree on the digest of {}", script.verb);
        }
        self.inventory.trust(self.scripts);
        Ok(())
    }
}
