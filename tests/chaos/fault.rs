//! What can go wrong, how it does, and how it gets right again.

use std::sync::atomic::Ordering;

use frontrow::domain::ids::ConcertId;
use frontrow::domain::limits::PARTITIONS;
use tokio::time::sleep;

use crate::crowd;
use crate::process;
use crate::proxy::Mode;
use crate::stage::{INSTANCES, Stage};
use frontrow::rush::Chance;

/// What nobody can read.
pub const POISON: &str = "\u{7f}what is this?";

macro_rules! faults {
    ($($(#[doc = $meaning:literal])+ $name:ident = $told:literal;)+) => {
        /// Something that goes wrong under load, for a while.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// What it is called in reports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $told,)+ }
            }
        }
    };
}

faults! {
    /// `kill -9` of an instance.
    ServiceKilled = "service killed";
    /// An instance stands still, and goes on as if nothing had been.
    ServicePaused = "service paused";
    /// Claims are in Redis and their answers are lost, and then the instance is killed.
    KilledBeforeAnswer = "service killed before it answers";
    /// The log has sales, PostgreSQL is not reached, and all instances are killed.
    KilledBeforeCommit = "service killed between log and commit";
    /// PostgreSQL has committed, nobody is told, and all instances are killed.
    KilledAfterCommit = "service killed between commit and answer";
    /// `kill -9` of Redis.
    RedisKilled = "Redis killed";
    /// Redis stands still.
    RedisPaused = "Redis paused";
    /// Redis has lost its scripts.
    ScriptsFlushed = "Redis's scripts flushed";
    /// Redis has no memory left.
    RedisFull = "Redis out of memory";
    /// The disk under the append-only file is full, so that Redis ends.
    DiskFull = "disk full under the append-only file";
    /// The power fails: the append-only file ends at its last fsync.
    PowerCut = "power cut: append-only file ends at its last fsync";
    /// The network to Redis ends every connection.
    RedisCut = "Redis cut off";
    /// The network to Redis keeps everything, and brings it later.
    RedisFrozen = "Redis frozen";
    /// The network to Redis is slow.
    RedisSlow = "Redis slow";
    /// Redis hears, and its answers are lost.
    RedisDeaf = "Redis's answers lost";
    /// Redis does not hear, and the connection looks well.
    RedisHalfOpen = "Redis half-open";
    /// `kill -9` of PostgreSQL.
    PostgresKilled = "PostgreSQL killed";
    /// PostgreSQL stands still.
    PostgresPaused = "PostgreSQL paused";
    /// The network to PostgreSQL ends every connection.
    PostgresCut = "PostgreSQL cut off";
    /// PostgreSQL hears, and its answers are lost.
    PostgresDeaf = "PostgreSQL's answers lost";
    /// PostgreSQL does not hear, and the connection looks well.
    PostgresHalfOpen = "PostgreSQL half-open";
    /// Everybody reads lists while PostgreSQL is slow, so that no connection is left.
    PoolsExhausted = "pools exhausted";
    /// Clients hang up before they are answered.
    HangUps = "clients hang up";
    /// The log has an entry that nobody can read.
    PoisonEntry = "poison entry in the log";
    /// An instance's wall clock jumps to and fro.
    ClockJump = "application clock jumps";
}

impl Fault {
    /// Whether it can be had on this machine.
    pub fn can_be_had(self, stage: &Stage) -> bool {
        match self {
            Self::DiskFull | Self::PowerCut => stage.disk.is_some(),
            Self::ClockJump => process::false_clock().is_some(),
            _ => true,
        }
    }

    /// Lets it happen, and mends it after a while.
    pub async fn strike(self, stage: &Stage, concert: ConcertId, chance: &mut Chance) {
        let victim = chance.below(INSTANCES as u64) as usize;
        match self {
            Self::ServiceKilled => {
                stage.kill_instance(victim).await;
                sleep(chance.millis(50..1_500)).await;
                stage.start_instance(victim).await;
            }
            Self::ServicePaused => {
                let instance = stage.instances[victim].lock().await;
                instance.signal("STOP");
                // Sometimes for longer than a lease lasts.
                sleep(chance.millis(200..5_000)).await;
                instance.signal("CONT");
            }
            Self::KilledBeforeAnswer => {
                stage.to_redis[victim].set(Mode::Deaf);
                sleep(chance.millis(50..400)).await;
                restart(stage, &[victim], chance).await;
            }
            Self::KilledBeforeCommit => killed_around_commit(stage, Mode::HalfOpen, chance).await,
            Self::KilledAfterCommit => killed_around_commit(stage, Mode::Deaf, chance).await,
            Self::HangUps => {
                stage.hang_up.store(true, Ordering::Relaxed);
                sleep(chance.millis(500..2_000)).await;
                stage.hang_up.store(false, Ordering::Relaxed);
            }
            Self::PoisonEntry => poison(stage, concert).await,
            Self::ClockJump => clock_jumps(stage, victim, chance).await,
            Self::PoolsExhausted => exhaust_pools(stage, chance).await,
            Self::PostgresKilled | Self::PostgresPaused => {
                self.strike_postgres(stage, chance).await
            }
            _ if self.mode(chance).is_some() => self.strike_network(stage, victim, chance).await,
            _ => self.strike_redis(stage, chance).await,
        }
    }

    async fn strike_redis(self, stage: &Stage, chance: &mut Chance) {
        let mut redis = stage.redis.lock().await;
        let away = chance.millis(0..1_500);
        match (self, &stage.disk) {
            (Self::RedisPaused, _) => {
                redis.pause().await.unwrap();
                sleep(chance.millis(100..2_500)).await;
                return redis.resume().await.unwrap();
            }
            (Self::ScriptsFlushed, _) => {
                return stage.ask_redis(redis::cmd("SCRIPT").arg("FLUSH")).await;
            }
            (Self::RedisFull, _) => {
                let set =
                    |memory: &str| redis::cmd("CONFIG").arg(&["SET", "maxmemory", memory]).clone();
                let () = stage.ask_redis(&set("1mb")).await;
                sleep(chance.millis(500..2_000)).await;
                return stage.ask_redis(&set("0")).await;
            }
            (Self::DiskFull, Some(disk)) => {
                disk.fill();
                sleep(chance.millis(200..1_000)).await;
                redis.kill().await.unwrap();
                disk.empty();
            }
            (Self::PowerCut, Some(disk)) => {
                // It stands still first, because ext4 can say that it has synced what it was just
                // about to sync when the power goes: then Redis would promise what is not there.
                redis.pause().await.unwrap();
                process::until_stopped(redis.pid().unwrap()).await;
                disk.cut_power();
                redis.kill().await.unwrap();
                disk.restore_power();
            }
            _ => redis.kill().await.unwrap(),
        }
        sleep(away).await;
        redis.restart().await.unwrap();
    }

    async fn strike_postgres(self, stage: &Stage, chance: &mut Chance) {
        if self == Self::PostgresPaused {
            stage.pause_postgres(true).await;
            sleep(chance.millis(200..3_000)).await;
            return stage.pause_postgres(false).await;
        }
        let mut postgres = stage.postgres.lock().await;
        postgres.kill().await.unwrap();
        sleep(chance.millis(0..1_500)).await;
        postgres.restart().await.unwrap();
    }

    /// What the network does in a fault of the network.
    fn mode(self, chance: &mut Chance) -> Option<Mode> {
        Some(match self {
            Self::RedisCut | Self::PostgresCut => Mode::Cut,
            Self::RedisFrozen => Mode::Frozen,
            Self::RedisSlow => Mode::Slow(chance.millis(20..500)),
            Self::RedisDeaf | Self::PostgresDeaf => Mode::Deaf,
            Self::RedisHalfOpen | Self::PostgresHalfOpen => Mode::HalfOpen,
            _ => return None,
        })
    }

    async fn strike_network(self, stage: &Stage, victim: usize, chance: &mut Chance) {
        let Some(mode) = self.mode(chance) else { return };
        let is_postgres =
            matches!(self, Self::PostgresCut | Self::PostgresDeaf | Self::PostgresHalfOpen);
        let ways = if is_postgres { &stage.to_postgres } else { &stage.to_redis };
        // Of one instance, so that the other goes on meanwhile, or of both.
        match chance.in_hundred(60) {
            true => ways[victim].set(mode),
            false => stage.set_ways(ways, mode),
        }
        sleep(chance.millis(200..3_000)).await;
        stage.set_ways(ways, Mode::Open);
    }
}

/// Kills instances, mends their network, and starts them again.
async fn restart(stage: &Stage, numbers: &[usize], chance: &mut Chance) {
    for &number in numbers {
        stage.kill_instance(number).await;
    }
    for &number in numbers {
        stage.to_redis[number].set(Mode::Open);
        stage.to_postgres[number].set(Mode::Open);
    }
    sleep(chance.millis(0..1_000)).await;
    for &number in numbers {
        stage.start_instance(number).await;
    }
}

async fn killed_around_commit(stage: &Stage, mode: Mode, chance: &mut Chance) {
    stage.set_ways(&stage.to_postgres, mode);
    sleep(chance.millis(100..1_000)).await;
    restart(stage, &[0, 1], chance).await;
}

async fn poison(stage: &Stage, concert: ConcertId) {
    let log = format!("{{{}}}:log", concert.partition(PARTITIONS));
    let mut add = redis::cmd("XADD");
    add.arg(log).arg(&["*", "e", POISON]);
    // Redis may be away, having been struck by another fault; then there may be an entry or not.
    let client = redis::Client::open(stage.redis_url.as_str()).unwrap();
    if let Ok(mut connection) = client.get_multiplexed_async_connection().await
        && add.query_async::<String>(&mut connection).await.is_ok()
    {
        stage.poisoned.fetch_add(1, Ordering::Relaxed);
    }
}

async fn clock_jumps(stage: &Stage, victim: usize, chance: &mut Chance) {
    for seconds in ["+7200", "-7200", "+45", "-45"] {
        stage.instances[victim].lock().await.set_clock(seconds);
        sleep(chance.millis(300..900)).await;
    }
    stage.instances[victim].lock().await.set_clock("+0");
}

async fn exhaust_pools(stage: &Stage, chance: &mut Chance) {
    stage.set_ways(&stage.to_postgres, Mode::Slow(chance.millis(100..400)));
    let readers = crowd::readers(stage, 64);
    sleep(chance.millis(1_000..3_000)).await;
    drop(readers);
    stage.set_ways(&stage.to_postgres, Mode::Open);
}
