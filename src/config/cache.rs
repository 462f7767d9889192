//! How answers that many ask for are kept.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{ConfigError, SecretUrl, ensure};

/// Bytes that an answer in Redis may take; most take a tenth.
const ANSWER_BYTES: u64 = 16 * 1024;

/// How answers that many ask for are kept.
#[derive(Args, Clone, Debug)]
pub struct CacheConfig {
    /// A Redis of their own for answers that many ask for, best with maxmemory and allkeys-lru. Without
    /// it, the Redis that has the seats keeps them, too, up to CACHE_REDIS_BYTES
    #[arg(long, env = "CACHE_REDIS_URL", hide_env_values = true)]
    pub cache_redis_url: Option<SecretUrl>,
    /// Where answers are kept, separated by commas
    #[arg(
        long,
        env = "CACHE_LAYERS",
        value_enum,
        value_delimiter = ',',
        default_value = "memory,redis"
    )]
    pub cache_layers: Vec<CacheLayer>,
    /// Bytes of memory for answers
    #[arg(long, env = "CACHE_MEMORY_BYTES", default_value_t = 128 * 1024 * 1024)]
    pub cache_memory_bytes: u64,
    /// Bytes of Redis for answers, about: as many as fit if each takes 16 KiB
    #[arg(long, env = "CACHE_REDIS_BYTES", default_value_t = 64 * 1024 * 1024)]
    pub cache_redis_bytes: u64,
    /// Answers that a process makes of the stores at once
    #[arg(long, env = "CACHE_MADE_AT_ONCE", default_value_t = 6)]
    pub cache_made_at_once: usize,
    /// Seconds for which lists and concerts are kept, unless an organiser changes something
    #[arg(long, env = "CACHE_LISTING_SECONDS", default_value_t = 300)]
    pub cache_listing_seconds: u64,
    /// The same while something in them is on sale, so that what is left of it changes
    #[arg(long, env = "CACHE_SELLING_SECONDS", default_value_t = 60)]
    pub cache_selling_seconds: u64,
    /// Milliseconds for which the states of seats are kept while they are on sale
    #[arg(long, env = "CACHE_SEATS_MS", default_value_t = 1_000)]
    pub cache_seats_ms: u64,
    /// The same in seconds while they are not
    #[arg(long, env = "CACHE_QUIET_SEATS_SECONDS", default_value_t = 30)]
    pub cache_quiet_seats_seconds: u64,
    /// Seconds for which it is kept that there is no such concert
    #[arg(long, env = "CACHE_ABSENT_SECONDS", default_value_t = 10)]
    pub cache_absent_seconds: u64,
}

/// Where answers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CacheLayer {
    /// In the process.
    Memory,
    /// In Redis.
    Redis,
    /// Nowhere.
    None,
}

impl CacheConfig {
    /// Whether answers are kept in a layer.
    pub fn has(&self, layer: CacheLayer) -> bool {
        self.cache_layers.contains(&layer)
    }

    /// The most answers in Redis.
    pub fn answers_max(&self) -> usize {
        usize::try_from(self.cache_redis_bytes / ANSWER_BYTES).unwrap_or(usize::MAX).max(1)
    }

    /// How long what only an organiser changes is kept.
    pub fn settled(&self) -> Duration {
        Duration::from_secs(self.cache_listing_seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let at_once = self.cache_made_at_once;
        ensure(at_once >= 1, || {
            "CACHE_MADE_AT_ONCE is 0: nothing would ever be answered".to_owned()
        })?;
        let (listing, selling) = (self.cache_listing_seconds, self.cache_selling_seconds);
        ensure(selling <= listing, || {
            format!(
                "CACHE_SELLING_SECONDS is {selling}, more than CACHE_LISTING_SECONDS, {listing}"
            )
        })
    }
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            cache_redis_url: None,
            cache_layers: vec![CacheLayer::Memory, CacheLayer::Redis],
            cache_memory_bytes: 128 * 1024 * 1024,
            cache_redis_bytes: 64 * 1024 * 1024,
            cache_made_at_once: 6,
            cache_listing_seconds: 300,
            cache_selling_seconds: 60,
            cache_seats_ms: 1_000,
            cache_quiet_seats_seconds: 30,
            cache_absent_seconds: 10,
        }
    }
}
