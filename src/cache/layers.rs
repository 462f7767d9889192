//! Finding an answer, from the nearest layer that has it.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use super::memory::{Entry, Memory};
use super::shared::{Look, Shared};
use super::stamps::{Stamp, Stamps};
use super::{Body, CacheError, CacheStoreError, Encoded, Key, Lifetime, Lifetimes, Topic};
use crate::telemetry::cache_answered;

/// Keys that share a turn: of those who ask for one that is not at hand, one looks for it.
const TURNS: usize = 1024;
/// How long a failure is believed before it is tried again.
const FAILURE_BELIEVED_FOR: Duration = Duration::from_millis(500);
const FAILURES_MAX: u64 = 10_000;
/// How long to wait for a place among those that are made.
const PLACE_WITHIN: Duration = Duration::from_secs(2);
/// How long to wait for an answer that another instance makes, and how often to look for it.
const OTHERS_WITHIN: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(15);

/// How answers are kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Redis is, if answers are kept there.
    pub redis_url: Option<String>,
    /// The most answers in Redis.
    pub shared_max: usize,
    /// Bytes of memory for answers; 0 to keep none.
    pub memory_bytes: u64,
    /// How many answers may be made at once.
    pub made_at_once: usize,
    /// How long answers are fresh.
    pub lifetimes: Lifetimes,
}

/// An answer that was made.
pub struct Made {
    /// The answer, if there is such a thing.
    pub json: Option<Vec<u8>>,
    /// What the header `Link` says of it.
    pub link: Option<String>,
    /// How soon it may be another.
    pub lifetime: Lifetime,
    /// When it will be another, if that is known.
    pub until: Option<Timestamp>,
}

/// The layers. Cheap to clone.
#[derive(Clone)]
pub struct Layers(Arc<Inner>);

struct Inner {
    memory: Option<Memory>,
    shared: Option<Shared>,
    stamps: Stamps,
    lifetimes: Lifetimes,
    turns: Box<[Mutex<()>]>,
    places: Semaphore,
    failures: Cache<String, ()>,
    hasher: RandomState,
}

/// Where an answer came from, for the metrics.
const MEMORY: &str = "memory";
const REDIS: &str = "redis";
const MADE: &str = "made";
const STALE: &str = "stale";

impl Layers {
    /// Layers that hold nothing yet. Redis is connected to when it is first used.
    ///
    /// # Errors
    /// When it is not the address of a Redis.
    pub fn new(settings: &Settings) -> Result<Self, CacheStoreError> {
        let shared = settings.redis_url.as_deref();
        let shared = shared.map(|url| Shared::open(url, settings.shared_max)).transpose()?;
        let failures = Cache::builder().max_capacity(FAILURES_MAX);
        Ok(Self(Arc::new(Inner {
            memory: (settings.memory_bytes > 0).then(|| Memory::new(settings.memory_bytes)),
            shared,
            stamps: Stamps::new(),
            lifetimes: settings.lifetimes,
            turns: (0..TURNS).map(|_| Mutex::new(())).collect(),
            places: Semaphore::new(settings.made_at_once),
            failures: failures.time_to_live(FAILURE_BELIEVED_FOR).build(),
            hasher: RandomState::new(),
        })))
    }

    /// The answer for a key: what is at hand, or what Redis has, or else what `make` makes of the
    /// stores. Of those who ask for one that nobody has, one in all instances makes it. One that is
    /// stale is given at once, and made anew meanwhile.
    ///
    /// # Errors
    /// When it cannot be made and there is no old one either: what `make` says, or a [`CacheError`].
    pub async fn get<E, F>(
        &self,
        key: Key,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Result<Arc<Body>, E>
    where
        E: From<CacheError> + Send + 'static,
        F: Future<Output = Result<Made, E>> + Send,
    {
        if let Some((entry, is_due)) = self.0.at_hand(&key) {
            let body = Arc::clone(&entry.body);
            if is_due && !self.0.failures.contains_key(&key.name) && entry.begin() {
                let inner = Arc::clone(&self.0);
                tokio::spawn(async move { inner.renew(&key, make).await });
            }
            cache_answered(MEMORY);
            return Ok(body);
        }
        // To its end, though the caller may hang up: others wait for it.
        let inner = Arc::clone(&self.0);
        let found = tokio::spawn(async move { inner.find(&key, make).await }).await;
        found.unwrap_or_else(|_| Err(CacheError::Lost("making it failed").into()))
    }

    /// Puts an end to all answers about these topics, on every instance within a second.
    ///
    /// # Errors
    /// When Redis cannot be told. Until it was, this process does without what is there: call again.
    pub async fn end(&self, topics: &[Topic]) -> Result<(), CacheStoreError> {
        let raise = || topics.iter().for_each(|&topic| self.0.stamps.raise(topic));
        // Before, so that nobody gets the old ones; and after, for what was read from Redis meanwhile.
        raise();
        let ended = match &self.0.shared {
            Some(shared) => shared.end(Some(topics)).await,
            None => Ok(()),
        };
        raise();
        ended
    }

    /// The same for all answers there are.
    ///
    /// # Errors
    /// As [`end`](Self::end).
    pub async fn end_all(&self) -> Result<(), CacheStoreError> {
        self.0.stamps.raise_all();
        let ended = match &self.0.shared {
            Some(shared) => shared.end(None).await,
            None => Ok(()),
        };
        self.0.stamps.raise_all();
        ended
    }

    /// Tells Redis of changes that it could not be told of.
    ///
    /// # Errors
    /// When it still cannot.
    pub async fn settle(&self) -> Result<(), CacheStoreError> {
        match &self.0.shared {
            Some(shared) => shared.settle().await,
            None => Ok(()),
        }
    }

    /// Forgets what this process has at hand.
    pub fn forget(&self) {
        self.0.memory.iter().for_each(Memory::forget);
    }
}

impl Inner {
    /// An answer that can be given without asking anybody, and whether it is time to make it anew.
    fn at_hand(&self, key: &Key) -> Option<(Entry, bool)> {
        let entry = self.memory.as_ref()?.get(&key.name)?;
        if entry.stamp != self.stamps.of(key.topic) {
            return None;
        }
        let now = Timestamp::now();
        if entry.body.is_fresh(now) {
            let alone = !key.shared || self.shared.is_none();
            let is_due = entry.body.is_due(now);
            return (alone || entry.was_just_looked_at()).then_some((entry, is_due));
        }
        entry.body.is_usable(now).then_some((entry, true))
    }

    /// Looks for an answer that is not at hand.
    async fn find<E, F>(&self, key: &Key, make: impl FnOnce() -> F) -> Result<Arc<Body>, E>
    where
        E: From<CacheError>,
        F: Future<Output = Result<Made, E>>,
    {
        let turn = self.hasher.hash_one(&key.name) as usize % TURNS;
        let _turn = match self.memory {
            Some(_) => Some(self.turns[turn].lock().await),
            None => None,
        };
        if let Some((entry, _)) = self.at_hand(key) {
            cache_answered(MEMORY);
            return Ok(entry.body);
        }
        if self.failures.contains_key(&key.name) {
            return self.old(key).ok_or_else(|| CacheError::Failing.into());
        }
        let stamp = self.stamps.of(key.topic);
        let look = self.look(key).await;
        if let Some(body) = self.accept(key, stamp, look.as_ref()).await {
            return Ok(body);
        }
        let made = match look {
            Some(look) => self.make_for_all(key, look, make).await,
            None => self.make(key, None, make).await,
        };
        made.or_else(|error| self.old(key).ok_or(error))
    }

    async fn look(&self, key: &Key) -> Option<Look> {
        self.shared.as_ref().filter(|_| key.shared)?.look(key).await
    }

    /// Takes what Redis has, if that can be given.
    async fn accept(&self, key: &Key, stamp: Stamp, look: Option<&Look>) -> Option<Arc<Body>> {
        let packed = look?.packed.clone()?;
        let made_at = Body::made_at_of(&packed)?;
        let known = self.memory.as_ref().and_then(|memory| memory.get(&key.name));
        let known = known.map(|entry| entry.body).filter(|body| body.made_at() == made_at);
        let body = match known {
            Some(known) => known,
            None => Arc::new(unpack(packed).await?),
        };
        if !body.is_usable(Timestamp::now()) {
            return None;
        }
        cache_answered(REDIS);
        self.remember(key, &body, stamp);
        Some(body)
    }

    /// Makes an answer, unless another instance does: then that one's is waited for. For so long;
    /// making it twice is no harm.
    async fn make_for_all<E, F>(
        &self,
        key: &Key,
        look: Look,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<Body>, E>
    where
        E: From<CacheError>,
        F: Future<Output = Result<Made, E>>,
    {
        let Some(shared) = &self.shared else { return self.make(key, None, make).await };
        let give_up = Instant::now() + OTHERS_WITHIN;
        let mut last = Some(look);
        loop {
            let held = shared.lease(key).await;
            // Whoever had it may have come to an end between the look and the lease.
            let stamp = self.stamps.of(key.topic);
            let look = self.look(key).await;
            let found = self.accept(key, stamp, look.as_ref()).await;
            last = look.or(last);
            let enough = held.is_some() || Instant::now() >= give_up || shared.is_away();
            let result = match found {
                Some(body) => Some(Ok(body)),
                None if enough => {
                    // `make` is called on the last way round only.
                    let result = self.make(key, last, make).await;
                    release(held).await;
                    return result;
                }
                None => None,
            };
            release(held).await;
            if let Some(result) = result {
                return result;
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Makes an answer and keeps it.
    async fn make<E, F>(
        &self,
        key: &Key,
        look: Option<Look>,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<Body>, E>
    where
        E: From<CacheError>,
        F: Future<Output = Result<Made, E>>,
    {
        let place = timeout(PLACE_WITHIN, self.places.acquire()).await;
        let _place = place.map_err(|_| CacheError::Busy)?;
        let (stamp, made_at) = (self.stamps.of(key.topic), Timestamp::now());
        cache_answered(MADE);
        let made = make().await.inspect_err(|_| self.failures.insert(key.name.clone(), ()))?;
        let Made { json, link, lifetime, until } = made;
        let encoded = match json {
            Some(json) => Some(encode(json).await.ok_or(CacheError::Lost("it was not encoded"))?),
            None => None,
        };
        let chance = self.hasher.hash_one((&key.name, made_at.as_nanosecond()));
        let life = self.lifetimes.life(lifetime, chance);
        let body = Arc::new(Body::new(encoded, link, made_at, until, life));
        self.remember(key, &body, stamp);
        if let (Some(shared), Some(look)) = (&self.shared, look) {
            shared.keep(key, &body, look.stamped).await;
        }
        Ok(body)
    }

    /// Makes an answer anew before or after its time, unless somebody else does.
    async fn renew<E, F>(&self, key: &Key, make: impl FnOnce() -> F)
    where
        E: From<CacheError>,
        F: Future<Output = Result<Made, E>>,
    {
        let stamp = self.stamps.of(key.topic);
        let Some(look) = self.look(key).await else {
            let _: Result<_, E> = self.make(key, None, make).await;
            return;
        };
        let held = match &self.shared {
            Some(shared) => shared.lease(key).await,
            None => None,
        };
        let look = match held {
            // Whoever had the lease before may have made it.
            Some(_) => self.look(key).await.unwrap_or(look),
            None => look,
        };
        let body = self.accept(key, stamp, Some(&look)).await;
        let is_due = body.is_none_or(|body| body.is_due(Timestamp::now()));
        if held.is_some() && is_due {
            let _: Result<_, E> = self.make(key, Some(look), make).await;
        }
        release(held).await;
    }

    /// Keeps an answer at hand, unless its topic has changed since it was read.
    fn remember(&self, key: &Key, body: &Arc<Body>, stamp: Stamp) {
        if let Some(memory) = self.memory.as_ref().filter(|_| self.stamps.of(key.topic) == stamp) {
            memory.keep(&key.name, Arc::clone(body), stamp);
        }
    }

    /// An answer that is over, and better than none.
    fn old(&self, key: &Key) -> Option<Arc<Body>> {
        let entry = self.memory.as_ref()?.get(&key.name)?;
        let body = entry.body.is_better_than_nothing(Timestamp::now()).then_some(entry.body)?;
        cache_answered(STALE);
        Some(body)
    }
}

async fn release(held: Option<crate::inventory::locks::Held>) {
    if let Some(held) = held {
        held.release().await;
    }
}

/// Off the threads that serve requests, as it takes milliseconds.
async fn encode(json: Vec<u8>) -> Option<Encoded> {
    tokio::task::spawn_blocking(|| Encoded::new(json)).await.ok()
}

async fn unpack(packed: bytes::Bytes) -> Option<Body> {
    tokio::task::spawn_blocking(move || Body::unpack(&packed)).await.ok()?
}
