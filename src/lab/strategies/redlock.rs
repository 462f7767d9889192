//! `redlock`: a distributed lock per seat over several independent Redis nodes.
//!
//! The third solution of the deck. Whoever wants a seat takes its lock on a majority of the nodes
//! (`rslock`), so that a sale goes on while a minority of them is dead or hangs. Then a counter of
//! what is left is decremented in Redis, and the sale is written to PostgreSQL.
//!
//! A lock that ends by itself is not yet safe. Its holder can be stopped (by the garbage collector, the
//! scheduler, the network) until the lock is over and somebody else has it, and then go on writing. So
//! there is a *fence*, where the writing happens:
//!
//! 1. Under the lock, the holder draws a number from the seat's row. It outranks all drawn before.
//! 2. With the number, PostgreSQL says what time it is. From that and from what is left of the lock
//!    follows when the lock is over *by PostgreSQL's clock*; never too late, as the reply took time.
//! 3. The sale is written only if no later number was drawn and that time has not come.
//!
//! Nobody is turned away unless a read of PostgreSQL finds every seat sold. The counter alone would be
//! cheaper and cannot promise it: it stands at nothing while the last sale may still be refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use rslock::{Lock, LockManager};
use tokio::time::{sleep, timeout};

use crate::lab::{Answer, Buyer, Database, Stage, Strategy, Tally};

const TABLES: &str = "
    CREATE TABLE seats (id integer PRIMARY KEY, user_id integer, fence bigint NOT NULL DEFAULT 0)";

// The first free seat from a place on, and from the front when there is none behind it.
const FIND: &str = "SELECT id FROM seats WHERE user_id IS NULL ORDER BY id < $1, id LIMIT 1";

const DRAW_NUMBER: &str = "
    UPDATE seats SET fence = fence + 1 WHERE id = $1 AND user_id IS NULL
    RETURNING fence, extract(epoch FROM clock_timestamp())::float8";

const SELL: &str = "
    UPDATE seats SET user_id = $1
    WHERE id = $2 AND fence = $3 AND extract(epoch FROM clock_timestamp()) < $4";

/// How long a lock lasts. A node that hangs is waited for by rslock for 500 ms, of which a lock must
/// have plenty left.
const LOCK_TTL: Duration = Duration::from_secs(3);
/// How long to wait for a lock: rslock would wait for ever when its nodes are away.
const LOCK_WITHIN: Duration = Duration::from_millis(1_500);
/// The longest rest before another seat is tried.
const REST_MS_MAX: u32 = 10;
/// How long a buyer tries before the nodes are said to be away. It is no part of the strategy.
const PATIENCE: Duration = Duration::from_secs(120);

/// See the head of this file.
pub struct Redlock {
    database: Database,
    redis: MultiplexedConnection,
    locks: LockManager,
    nodes: u64,
    run: String,
    seats: u32,
    tally: Arc<Tally>,
    /// Holders that are still to be stopped until their lock is over.
    to_stall: AtomicU64,
    taken_locks: AtomicU64,
    fenced: AtomicU64,
}

/// A seat's lock, and when it is over at the latest.
struct Locked {
    lock: Lock,
    until: Instant,
}

impl Strategy for Redlock {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        let mut redis = stage.redis.clone();
        let () = redis.set(counter_key(&stage.run), stage.seats).await?;
        let mut locks = LockManager::new(stage.lock_nodes.clone());
        // Whoever does not get a lock looks for another seat instead of trying again.
        locks.set_retry(1, Duration::from_millis(1));
        // So that the connections are there before the sale.
        let name = format!("lab:{}:opening", stage.run);
        timeout(LOCK_WITHIN, locks.lock(&*name, LOCK_TTL)).await??.release().await;
        Ok(Self {
            database: stage.database.clone(),
            redis,
            locks,
            nodes: stage.lock_nodes.len() as u64,
            run: stage.run.clone(),
            seats: stage.seats,
            tally: Arc::clone(&stage.tally),
            to_stall: AtomicU64::new(stage.stalled_holders),
            taken_locks: AtomicU64::new(0),
            fenced: AtomicU64::new(0),
        })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        let began = Instant::now();
        loop {
            let place = 1 + buyer.pick(self.seats);
            let find = sqlx::query_scalar(FIND).bind(place.cast_signed());
            let seat: Option<i32> = find.fetch_optional(self.database.counted()).await?;
            let Some(seat) = seat else {
                return Ok(Answer::No);
            };
            if let Some(locked) = self.lock(seat).await {
                let sold = self.sell(seat, buyer, &locked).await?;
                self.release(locked.lock);
                if sold {
                    return Ok(Answer::Yes);
                }
            }
            ensure!(began.elapsed() < PATIENCE, "the lock nodes grant nothing for {PATIENCE:?}");
            sleep(Duration::from_millis(u64::from(buyer.pick(REST_MS_MAX)))).await;
        }
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        let owners = self.database.owners().await?;
        let left: u32 = self.redis.clone().get(counter_key(&self.run)).await?;
        let free = self.seats - u32::try_from(owners.len())?;
        ensure!(left == free, "the counter says that {left} seats are left, and {free} are");
        Ok(owners)
    }

    fn remark(&self) -> String {
        let fenced = self.fenced.load(Ordering::Relaxed);
        let taken = self.taken_locks.load(Ordering::Relaxed);
        format!("{taken} locks were not to be had, {fenced} sales refused by the fence")
    }
}

impl Redlock {
    /// Takes a seat's lock, unless somebody has it or no majority of the nodes answers in time.
    async fn lock(&self, seat: i32) -> Option<Locked> {
        self.tally.add_commands(self.nodes);
        let name = format!("lab:{}:seat:{seat}", self.run);
        let began = Instant::now();
        match timeout(LOCK_WITHIN, self.locks.lock(&*name, LOCK_TTL)).await {
            Ok(Ok(lock)) => {
                // No node has had it for longer than since it was asked for. From then on, what is
                // left of it now is less than what it lasts: an error on the safe side.
                let validity = Duration::from_millis(lock.validity_time as u64);
                Some(Locked { lock, until: began + validity })
            }
            Ok(Err(_)) | Err(_) => {
                // rslock has taken back what it got of it.
                self.tally.add_commands(self.nodes);
                self.taken_locks.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }

    /// Sells a seat under its lock, or finds that it is sold, or that the lock is over.
    async fn sell(&self, seat: i32, buyer: &Buyer, locked: &Locked) -> Result<bool> {
        let draw = sqlx::query_as(DRAW_NUMBER).bind(seat);
        let drawn: Option<(i64, f64)> = draw.fetch_optional(self.database.counted()).await?;
        let Some((number, drawn_at)) = drawn else {
            return Ok(false);
        };
        let left = locked.until.saturating_duration_since(Instant::now());
        let over_at = drawn_at + left.as_secs_f64();

        let mut redis = self.redis.clone();
        self.tally.add_commands(1);
        let remaining: i64 = redis.decr(counter_key(&self.run), 1).await?;
        let sold = remaining >= 0 && {
            self.stall_if_asked(locked).await;
            let sell = sqlx::query(SELL).bind(buyer.id).bind(seat).bind(number).bind(over_at);
            let sold = sell.execute(self.database.counted()).await?.rows_affected() == 1;
            if !sold {
                self.fenced.fetch_add(1, Ordering::Relaxed);
            }
            sold
        };
        if !sold {
            self.tally.add_commands(1);
            let _: i64 = redis.incr(counter_key(&self.run), 1).await?;
        }
        Ok(sold)
    }

    /// Stops a holder until its lock is over, as the garbage collector of another language might.
    async fn stall_if_asked(&self, locked: &Locked) {
        let stall = self
            .to_stall
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if stall.is_ok() {
            let over = locked.until + LOCK_TTL / 5;
            sleep(over.saturating_duration_since(Instant::now())).await;
        }
    }

    /// Gives a lock back. The buyer need not wait for it: the seat is sold, or will be looked at
    /// again, and a node that hangs would keep the buyer half a second.
    fn release(&self, lock: Lock) {
        self.tally.add_commands(self.nodes);
        tokio::spawn(timeout(LOCK_WITHIN, lock.release()));
    }
}

fn counter_key(run: &str) -> String {
    format!("lab:{run}:left")
}
