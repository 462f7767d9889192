//! PostgreSQL is gone for a minute while sales go on, and then so much waits for it that new holds are
//! refused, and confirmations are not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontrow::domain::limits::{BACKLOG_ENTRIES_MAX, PARTITIONS};
use frontrow::rush::{Buyer, Client, Clock, History, Hold, Manners, OnSale, Outcome};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::house;
use crate::report::Report;
use crate::stage::{INSTANCES, Stage};
use crate::verdict;

/// How long it is gone.
const AWAY: Duration = Duration::from_secs(60);
/// How many buy, and how often each does: a seat is held, and then sold.
const BUYERS: usize = 20;
const BUYS_EVERY: Duration = Duration::from_millis(100);
/// Seats of one buyer's own.
const SEATS_EACH: u32 = 900;
/// Longer than PostgreSQL is gone.
const HOLD_SECONDS: u64 = 300;
/// Entries that one script call adds to the log, which nobody need read to the end.
const MARKERS_PER_CALL: usize = 10_000;
/// How long the backlog may take to drain.
const DRAINED_WITHIN: Duration = Duration::from_secs(180);
const MANNERS: Manners =
    Manners { patience: Duration::from_secs(30), pause: Duration::from_millis(50) };

/// Somebody who buys one seat after the other, of their own.
struct Steady {
    buyer: Buyer,
    seats: std::ops::Range<u32>,
    /// A hold for later.
    kept: Hold,
}

pub async fn run(stage: &Arc<Stage>, report: &mut Report) {
    let seats = BUYERS as u32 * SEATS_EACH;
    let on_sale = house::put_on_sale(&stage.pool, "postgres-away", seats, HOLD_SECONDS).await;
    let mut buyers = arrive(stage, &on_sale).await;
    stage.postgres.lock().await.kill().await.unwrap();
    let (again, sold, refused) = buy_for(buyers, AWAY).await;
    buyers = again;
    let waiting = backlog(stage, &on_sale).await;
    let rate = sold as f64 / AWAY.as_secs_f64();
    report.measured(
        format!(
            "PostgreSQL killed for {} s: {rate:.0} seats/s held and sold meanwhile, {refused} \
             refused, {waiting} log entries waiting of {BACKLOG_ENTRIES_MAX}",
            AWAY.as_secs()
        ),
        refused == 0 && sold > 0,
    );

    fill(stage, &on_sale).await;
    let (mut held, mut confirmed) = (0, 0);
    for Steady { buyer, seats, kept } in &mut buyers {
        let seat = seats.next().expect("there are seats left");
        held += u32::from(buyer.hold("over-the-limit", &[seat]).await.is_some());
        confirmed += u32::from(buyer.confirm(kept, None).await);
    }
    let waiting = backlog(stage, &on_sale).await;
    stage.postgres.lock().await.restart().await.unwrap();
    let back = Instant::now();
    while backlog_of_postgres(stage, &on_sale).await {
        assert!(back.elapsed() < DRAINED_WITHIN, "the backlog does not drain");
        sleep(Duration::from_millis(50)).await;
    }
    let drained = back.elapsed();
    let mut again = 0;
    let mut history = History::default();
    for Steady { mut buyer, mut seats, .. } in buyers {
        let seat = seats.next().expect("there are seats left");
        if let Some(hold) = buyer.hold("after-it", &[seat]).await {
            again += u32::from(buyer.release(&hold).await);
        }
        history.extend(buyer.into_history());
    }
    report.measured(
        format!(
            "{waiting} entries waiting, over the limit: {held} of {BUYERS} new holds granted, \
             {confirmed} of {BUYERS} confirmations; drained {} ms after PostgreSQL's return, and then \
             {again} of {BUYERS} holds granted",
            drained.as_millis()
        ),
        (held, confirmed, again) == (0, BUYERS as u32, BUYERS as u32) && refused_for_now(&history),
    );
    let verdict = verdict::judge(stage, &on_sale, &history).await;
    report.judged(&verdict);
}

async fn arrive(stage: &Stage, on_sale: &Arc<OnSale>) -> Vec<Steady> {
    let clock = Clock::start();
    let mut buyers = Vec::new();
    for number in 0..BUYERS {
        let timeout = Duration::from_secs(5);
        let client = Client::new(Arc::clone(&stage.addresses), number % INSTANCES, timeout);
        let buyer = Buyer::arrive(client, Arc::clone(on_sale), MANNERS, clock).await;
        let mut buyer = buyer.expect("somebody gets no session");
        let first = number as u32 * SEATS_EACH;
        let kept = buyer.hold("kept", &[first]).await.expect("somebody gets no seat");
        buyers.push(Steady { buyer, seats: first + 1..first + SEATS_EACH, kept });
    }
    buyers
}

/// Everybody buys for a time: how many seats were sold, and how often something was refused.
async fn buy_for(buyers: Vec<Steady>, time: Duration) -> (Vec<Steady>, u32, u32) {
    let over = Instant::now() + time;
    let mut buying = JoinSet::new();
    for mut steady in buyers {
        buying.spawn(async move {
            let (mut sold, mut refused) = (0, 0);
            let mut turn = interval(BUYS_EVERY);
            while Instant::now() < over {
                turn.tick().await;
                let seat = steady.seats.next().expect("there are seats for a minute");
                let hold = steady.buyer.hold(&seat.to_string(), &[seat]).await;
                let is_sold = match hold {
                    Some(hold) => steady.buyer.confirm(&hold, None).await,
                    None => false,
                };
                (sold, refused) = (sold + u32::from(is_sold), refused + u32::from(!is_sold));
            }
            (steady, sold, refused)
        });
    }
    let (mut buyers, mut sold, mut refused) = (Vec::new(), 0, 0);
    for (steady, more_sold, more_refused) in buying.join_all().await {
        buyers.push(steady);
        (sold, refused) = (sold + more_sold, refused + more_refused);
    }
    (buyers, sold, refused)
}

fn log_of(on_sale: &OnSale) -> String {
    format!("{{{}}}:log", on_sale.concert.partition(PARTITIONS))
}

/// Entries in the concert's log.
async fn backlog(stage: &Stage, on_sale: &OnSale) -> u64 {
    stage.ask_redis(redis::cmd("XLEN").arg(log_of(on_sale))).await
}

/// Adds markers, which say nothing, until the log is as long as it may be.
async fn fill(stage: &Stage, on_sale: &OnSale) {
    let add = "for _ = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'e', '\\0') end";
    while backlog(stage, on_sale).await < BACKLOG_ENTRIES_MAX as u64 {
        let mut command = redis::cmd("EVAL");
        command.arg(add).arg(1).arg(log_of(on_sale)).arg(MARKERS_PER_CALL);
        let () = stage.ask_redis(&command).await;
    }
}

/// Whether PostgreSQL has yet to apply some of the concert's log.
async fn backlog_of_postgres(stage: &Stage, on_sale: &OnSale) -> bool {
    let partition = on_sale.concert.partition(PARTITIONS);
    let Ok(row) = frontrow::ledger::partitions::read(&stage.pool, partition).await else {
        return true;
    };
    let mut command = redis::cmd("XREVRANGE");
    command.arg(log_of(on_sale)).arg(&["+", "-", "COUNT", "1"]);
    let newest: redis::streams::StreamRangeReply = stage.ask_redis(&command).await;
    newest.ids.first().is_some_and(|entry| entry.id != row.position.to_string())
}

/// Whether whatever was refused was refused for the time being, and said so.
fn refused_for_now(history: &History) -> bool {
    history.operations.iter().all(|operation| match &operation.outcome {
        Outcome::Yes(_) => true,
        Outcome::No(refused) => refused.reason.is_not_now(),
        Outcome::Unknown => false,
    })
}
