//! What Redis keeps of secrets: `session:HASH` and `service-key:HASH`, each with a time to live.
//!
//! Redis is asked first. Of a secret that PostgreSQL has, its record is only a copy, which may be
//! lost and is made again from there; [`Records::put_back`] and [`Records::forget`] keep a copy from
//! outliving what it is of.

use std::fmt::Write;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use super::IdentityError;
use super::secret::Hash;

/// How long a copy lives while nobody has looked whether what it is of is still there: what a crash
/// in that moment may leave behind.
const UNCERTAIN_SECONDS: u64 = 2;

/// The records. Cheap to clone.
#[derive(Clone)]
pub(super) struct Records {
    redis: ConnectionManager,
}

/// The name of a secret's record.
pub(super) fn key(kind: &str, hash: &Hash) -> String {
    let mut key = String::with_capacity(kind.len() + 1 + 2 * hash.len());
    key.push_str(kind);
    key.push(':');
    for byte in hash {
        // Writing to a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

impl Records {
    /// Records in the Redis at an address, which is connected to when it is first used.
    pub(super) fn open(url: &str) -> Result<Self, IdentityError> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(Duration::from_millis(900)))
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_number_of_retries(1);
        let client = redis::Client::open(url)?;
        Ok(Self { redis: ConnectionManager::new_lazy_with_config(client, config)? })
    }

    /// A record, and how many seconds are left of it. One round trip.
    pub(super) async fn read(&self, key: &str) -> Result<Option<(Vec<u8>, u64)>, IdentityError> {
        let mut read = redis::pipe();
        read.cmd("GET").arg(key).cmd("TTL").arg(key);
        let (value, left): (Option<Vec<u8>>, i64) =
            read.query_async(&mut self.redis.clone()).await?;
        let left = u64::try_from(left).unwrap_or_default();
        Ok(value.map(|value| (value, left)))
    }

    /// Writes records, which live for so many seconds.
    pub(super) async fn write(
        &self,
        records: &[(String, Vec<u8>)],
        seconds: u64,
    ) -> Result<(), IdentityError> {
        let mut write = redis::pipe();
        for (key, value) in records {
            write.cmd("SET").arg(key).arg(value).arg("EX").arg(seconds).ignore();
        }
        Ok(write.query_async(&mut self.redis.clone()).await?)
    }

    /// Writes records instead of those that are there, which live on for as long as they would have;
    /// says of each whether there was one. One round trip.
    pub(super) async fn replace(
        &self,
        records: &[(String, Vec<u8>)],
    ) -> Result<Vec<bool>, IdentityError> {
        let mut replace = redis::pipe();
        for (key, value) in records {
            replace.cmd("SET").arg(key).arg(value).arg("XX").arg("KEEPTTL");
        }
        let set: Vec<Option<String>> = replace.query_async(&mut self.redis.clone()).await?;
        Ok(set.iter().map(Option::is_some).collect())
    }

    /// Lets records live for so many seconds from now on; those that are not there stay away.
    pub(super) async fn prolong(&self, keys: &[String], seconds: u64) -> Result<(), IdentityError> {
        let mut prolong = redis::pipe();
        for key in keys {
            prolong.cmd("EXPIRE").arg(key).arg(seconds).ignore();
        }
        Ok(prolong.query_async(&mut self.redis.clone()).await?)
    }

    /// Adds a member to a set.
    pub(super) async fn add(&self, set: &str, member: &[u8]) -> Result<(), IdentityError> {
        let mut add = redis::cmd("SADD");
        add.arg(set).arg(member);
        Ok(add.query_async::<()>(&mut self.redis.clone()).await?)
    }

    /// Some members of a set, all of them if there are no more than `count`.
    pub(super) async fn some_of(
        &self,
        set: &str,
        count: u32,
    ) -> Result<Vec<Vec<u8>>, IdentityError> {
        let mut some = redis::cmd("SRANDMEMBER");
        some.arg(set).arg(count);
        Ok(some.query_async(&mut self.redis.clone()).await?)
    }

    /// Removes members from a set.
    pub(super) async fn remove(&self, set: &str, members: &[Vec<u8>]) -> Result<(), IdentityError> {
        if members.is_empty() {
            return Ok(());
        }
        let mut remove = redis::cmd("SREM");
        remove.arg(set).arg(members);
        Ok(remove.query_async::<()>(&mut self.redis.clone()).await?)
    }

    /// Takes a request from a limit of so many in a minute (`lua/limit.lua`): whether it was within it,
    /// how many could follow, and in how many ms all and one could.
    pub(super) async fn take(
        &self,
        key: &str,
        per_minute: u32,
    ) -> Result<(u32, u32, u64, u64), IdentityError> {
        let mut take = redis::cmd("EVAL");
        take.arg(include_str!("../../lua/limit.lua")).arg(1).arg(key).arg(per_minute);
        Ok(take.query_async(&mut self.redis.clone()).await?)
    }

    /// Puts a copy of what PostgreSQL was found to have, for so many seconds. Whoever ends what it
    /// is of does so in PostgreSQL first and then forgets the record. So `is_there` looks again after
    /// the copy was put: either it finds the end, or the end comes to forget this copy.
    pub(super) async fn put_back(
        &self,
        key: &str,
        value: &[u8],
        seconds: u64,
        is_there: impl Future<Output = Result<bool, IdentityError>>,
    ) -> Result<bool, IdentityError> {
        let mut redis = self.redis.clone();
        let mut set = redis::cmd("SET");
        set.arg(key).arg(value).arg("EX").arg(UNCERTAIN_SECONDS);
        set.query_async::<()>(&mut redis).await?;
        let is_there = is_there.await?;
        let mut settle = redis::cmd(if is_there { "EXPIRE" } else { "DEL" });
        settle.arg(key);
        if is_there {
            settle.arg(seconds);
        }
        settle.query_async::<()>(&mut redis).await?;
        Ok(is_there)
    }

    /// Makes sure that there are no such records.
    pub(super) async fn forget(&self, keys: &[String]) -> Result<(), IdentityError> {
        if keys.is_empty() {
            return Ok(());
        }
        // One command each: in a cluster, they are in several places.
        let mut forget = redis::pipe();
        for key in keys {
            forget.cmd("DEL").arg(key).ignore();
        }
        Ok(forget.query_async(&mut self.redis.clone()).await?)
    }
}

impl From<redis::RedisError> for IdentityError {
    fn from(error: redis::RedisError) -> Self {
        let reason = error.to_string();
        Self::Unavailable { reason }
    }
}
