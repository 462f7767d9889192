//! Answers in Redis, which all instances share. None of it is ever needed: what fails is done without.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client};

use super::{Body, CacheStoreError, Key, Topic};
use crate::inventory::locks::{Held, Locks};

/// How long a reader waits for Redis before it does without: longer than Redis ever takes when well,
/// and little beside what an answer costs otherwise.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(150);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);
/// For how long nobody asks again after a failure.
const REST: Duration = Duration::from_millis(500);
/// How long somebody else may be waited for who makes an answer, if they are lost meanwhile.
const LEASE_TTL: Duration = Duration::from_secs(3);
/// Hash: topic → its stamp.
const STAMPS: &str = "{cache}:stamps";
/// Sorted set: keys of answers → when they were written.
const ANSWERS: &str = "{cache}:answers";
const ALL: &str = "all";
/// Stamps that concerts share, so that there are only so many.
const SHARED_BY_CONCERTS: u16 = 4096;
/// Larger answers are not worth sending back and forth.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const STAMP_BYTES: usize = 32;

/// The stamps of everything and of one topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamped([u8; STAMP_BYTES]);

/// What Redis has for a key.
pub(super) struct Look {
    /// What an answer must carry to be of use from now on.
    pub(super) stamped: Stamped,
    /// The answer, packed, if there is one that no change has put an end to.
    pub(super) packed: Option<Bytes>,
}

/// The answers.
pub(super) struct Shared {
    redis: ConnectionManager,
    locks: Locks,
    answers_max: usize,
    rests_until: Mutex<Option<Instant>>,
    /// What Redis has yet to be told of. Until then, what it has may be of before.
    owed: Mutex<BTreeSet<String>>,
}

impl Shared {
    pub(super) fn open(url: &str, answers_max: usize) -> Result<Self, CacheStoreError> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_number_of_retries(1);
        let redis = ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?;
        let locks = Locks::new(vec![url.to_owned()])?;
        let (rests_until, owed) = (Mutex::new(None), Mutex::default());
        Ok(Self { redis, locks, answers_max, rests_until, owed })
    }

    /// Whether Redis is done without for now.
    pub(super) fn is_away(&self) -> bool {
        self.rests() || !self.owed().is_empty()
    }

    /// What Redis has for a key; none when it cannot be asked. One round trip.
    pub(super) async fn look(&self, key: &Key) -> Option<Look> {
        if self.is_away() {
            return None;
        }
        self.noticed(self.try_look(key).await)
    }

    async fn try_look(&self, key: &Key) -> redis::RedisResult<Look> {
        let mut redis = self.redis.clone();
        let fields = [ALL.to_owned(), field(key.topic)];
        let mut read = redis::pipe();
        read.get(answer_key(key)).cmd("HMGET").arg(STAMPS).arg(&fields);
        let (kept, stamps): (Option<Vec<u8>>, Vec<Option<Vec<u8>>>) =
            read.query_async(&mut redis).await?;
        if let Some(stamped) = Stamped::of(&stamps) {
            return Ok(Look { stamped, packed: kept.and_then(|kept| stamped.opened(kept)) });
        }
        // Redis has lost its stamps, and with them all that they stood on.
        let mut begin = redis::pipe();
        for field in &fields {
            begin.hset_nx(STAMPS, field, &new_stamp()[..]).ignore();
        }
        begin.cmd("HMGET").arg(STAMPS).arg(&fields);
        let (stamps,): (Vec<Option<Vec<u8>>>,) = begin.query_async(&mut redis).await?;
        let lost = || redis::RedisError::from((redis::ErrorKind::Client, "stamps do not stay"));
        Ok(Look { stamped: Stamped::of(&stamps).ok_or_else(lost)?, packed: None })
    }

    /// Keeps an answer that was made after `stamped` was read.
    pub(super) async fn keep(&self, key: &Key, body: &Body, stamped: Stamped) {
        let packed = [&stamped.0[..], &body.pack()].concat();
        let for_ms = body.kept_for().as_millis() as u64;
        if packed.len() > ANSWER_BYTES_MAX || for_ms == 0 || self.rests() {
            return;
        }
        let mut put = redis::cmd("EVAL");
        put.arg(include_str!("../../lua/cache_put.lua")).arg(2).arg(answer_key(key)).arg(ANSWERS);
        put.arg(packed).arg(for_ms).arg(self.answers_max);
        let _: Option<usize> = self.noticed(put.query_async(&mut self.redis.clone()).await);
    }

    /// The lease on making an answer, if nobody has it.
    pub(super) async fn lease(&self, key: &Key) -> Option<Held> {
        self.locks.try_take(&format!("{{cache}}:lease:{}", key.name), LEASE_TTL).await
    }

    /// Puts an end to all answers about these topics, or about anything.
    pub(super) async fn end(&self, topics: Option<&[Topic]>) -> Result<(), CacheStoreError> {
        match topics {
            Some(topics) => self.owed().extend(topics.iter().copied().map(field)),
            None => drop(self.owed().insert(ALL.to_owned())),
        }
        self.settle().await
    }

    /// Tells Redis what it has yet to be told.
    pub(super) async fn settle(&self) -> Result<(), CacheStoreError> {
        let fields = self.owed().clone();
        if fields.is_empty() {
            return Ok(());
        }
        let stamps: Vec<_> = fields.iter().map(|field| (field, new_stamp())).collect();
        let stamps: Vec<_> = stamps.iter().map(|(field, stamp)| (field, &stamp[..])).collect();
        let told: redis::RedisResult<()> = self.redis.clone().hset_multiple(STAMPS, &stamps).await;
        told?;
        // What was added meanwhile may have come too late for these stamps, and is told again.
        self.owed().retain(|field| !fields.contains(field));
        Ok(())
    }

    fn owed(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// What came of asking; after a failure, nobody asks for a while. A Redis that has no room is well.
    fn noticed<T>(&self, asked: redis::RedisResult<T>) -> Option<T> {
        match asked {
            Ok(answer) => Some(answer),
            Err(error) if error.code() == Some("OOM") => None,
            Err(error) => {
                tracing::debug!(%error, "the cache's Redis");
                let until = Instant::now() + REST;
                *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
                None
            }
        }
    }
}

impl Stamped {
    fn of(stamps: &[Option<Vec<u8>>]) -> Option<Self> {
        let [Some(all), Some(topic)] = stamps else { return None };
        [&all[..], topic].concat().try_into().ok().map(Self)
    }

    /// What was kept, if it carries these stamps.
    fn opened(self, kept: Vec<u8>) -> Option<Bytes> {
        kept.starts_with(&self.0).then(|| Bytes::from(kept).slice(STAMP_BYTES..))
    }
}

fn answer_key(key: &Key) -> String {
    format!("{{cache}}:answer:{}", key.name)
}

fn field(topic: Topic) -> String {
    match topic {
        Topic::Lists => "lists".to_owned(),
        Topic::Concert(concert) => {
            let [.., a, b] = *concert.0.as_bytes();
            format!("concert:{}", u16::from_be_bytes([a, b]) % SHARED_BY_CONCERTS)
        }
    }
}

/// Like no other, so that whatever becomes of old ones, none comes back.
fn new_stamp() -> [u8; STAMP_BYTES / 2] {
    *uuid::Uuid::now_v7().as_bytes()
}
