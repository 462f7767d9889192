//! What a claim costs over HTTP, with the load generator beside the service on the same machine, and
//! what the same claims cost otherwise. `make bench` prints the figures of one run and their ratios,
//! and appends them to `benches/history.jsonl`. With names of parts (`cargo bench --bench claims -- claims
//! sell_out`) it measures those alone, and keeps nothing.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

mod figures;
mod load;
mod orders;
mod rival;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use frontrow::domain::ids::ConcertId;
use frontrow::embedded::DevStack;
use frontrow::ledger::PgPool;
use serde::Deserialize;
use tokio::task::JoinSet;

use figures::Figures;
use load::{Load, Order};
use orders::{best, named, orders_of_a_house};
use rival::{Rival, microseconds, redis_benchmark};
use support::cpu::{Processes, Seconds};
use support::process::Service;
use support::wire::Connection;
use support::{SEATS, further_concerts, import, stores};

/// Claims of one measurement.
const CLAIMS: usize = 60_000;
/// Claims of one measurement through PostgreSQL, which takes longer over each.
const RIVAL_CLAIMS: usize = 2_000;
/// The guests who claim: one an order when the stadium sells out.
const GUESTS: usize = 40_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (_dir, stack, pool) = stores().await;
    import(&pool).await;
    let concerts = further_concerts(&pool, 9).await;
    let mut figures = Figures::default();
    let (per_second, us) = redis_benchmark(&stack.redis_url()).await;
    figures.add("redis_benchmark_per_second", per_second);
    figures.add("redis_benchmark_us_in_redis", us);
    let service = Service::start(&stack, &[]).await;
    let tokens = guests(&service.address).await;
    let load = Load { address: service.address.clone(), tokens };
    let processes = Processes::find(service.id, &stack.redis_url(), &pool).await;
    let bench = Bench { stack, pool, service, load, processes };
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| part != "--bench").collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    if wanted("claims") {
        bench.claims(&mut figures, &concerts).await;
    }
    if wanted("latency") {
        bench.latency(&mut figures, &concerts[5..8]).await;
    }
    if wanted("sell_out") {
        bench.sell_out(&mut figures, concerts[8]).await;
    }
    if wanted("rivals") {
        bench.rivals(&mut figures).await;
    }
    figures.print_ratios();
    if parts.is_empty() {
        figures.append_to_history();
    }
    drop(bench.service);
    bench.pool.close().await;
    bench.stack.stop().await.unwrap();
}

struct Bench {
    stack: DevStack,
    pool: PgPool,
    service: Service,
    load: Load,
    processes: Processes,
}

impl Bench {
    /// As many claims a second as there is an answer to.
    async fn claims(&self, figures: &mut Figures, concerts: &[ConcertId]) {
        let mut redis = self.redis().await;
        let () = redis::cmd("CONFIG").arg("RESETSTAT").query_async(&mut redis).await.unwrap();
        let before = self.processes.seconds();
        let held = self.load.closed(CLAIMS, named(concerts[0], 1, 0)).await;
        figures.outcome("holds", &held);
        self.add_cpu(figures, "hold", &before, CLAIMS);
        let calls = microseconds(&mut redis, "evalsha").await;
        figures.add("call_us_in_redis", calls);
        let others = named(concerts[0], 1, GUESTS / 2);
        let refused = self.load.closed(2 * CLAIMS, move |at| others(at % CLAIMS)).await;
        figures.outcome("refusals", &refused);
        let best = self.load.closed(CLAIMS / 3, best(concerts[1])).await;
        figures.outcome("best_available", &best);
        let five = self.load.closed(SEATS as usize / 5, named(concerts[2], 5, 0)).await;
        figures.outcome("five_seats", &five);
        // A crowd for one row: nine in ten are refused.
        let contested = self.load.closed(CLAIMS, orders::contested(concerts[3])).await;
        figures.outcome("contested", &contested);
    }

    /// How long a claim takes while so much of the ceiling is offered.
    async fn latency(&self, figures: &mut Figures, concerts: &[ConcertId]) {
        let ceiling = figures.find("holds_per_second").expect("latency is measured after claims");
        for (concert, share) in concerts.iter().zip([0.5, 0.7, 0.9]) {
            let rate = ceiling * share;
            let outcome = self.load.open(CLAIMS, rate, named(*concert, 1, 0)).await;
            let percent = (share * 100.0) as u32;
            figures.outcome(&format!("open_loop_at_{percent}"), &outcome);
        }
    }

    /// A stadium from the first seat to the last, and until PostgreSQL has every sale.
    async fn sell_out(&self, figures: &mut Figures, concert: ConcertId) {
        let (count, orders) = orders_of_a_house(concert);
        let before = self.processes.seconds();
        let outcome = self.load.closed(count, orders).await;
        let ended = Instant::now();
        figures.outcome("checkouts", &outcome);
        figures.add("sell_out_seconds", outcome.took.as_secs_f64());
        let sold = "SELECT count(*), count(DISTINCT seat) FROM reservation_seats
            WHERE concert_id = $1 AND ended_at IS NULL";
        loop {
            let (rows, seats): (i64, i64) =
                sqlx::query_as(sold).bind(concert.0).fetch_one(&self.pool).await.unwrap();
            assert_eq!(rows, seats, "a seat was sold twice");
            if rows == i64::from(SEATS) {
                break;
            }
            assert!(ended.elapsed() < Duration::from_secs(60), "PostgreSQL has {rows} seats");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        figures.add("persisted_after_seconds", ended.elapsed().as_secs_f64());
        self.add_cpu(figures, "checkout", &before, count);
    }

    /// µs of CPU that one of so many took of each process since then.
    fn add_cpu(&self, figures: &mut Figures, what: &str, before: &Seconds, count: usize) {
        for (process, seconds) in self.processes.seconds() {
            let us = (seconds - before[process]) * 1e6 / count as f64;
            figures.add(&format!("{what}_us_of_{process}"), us);
        }
    }

    /// The same claims through PostgreSQL.
    async fn rivals(&self, figures: &mut Figures) {
        let rival = Rival::start(self.pool.clone(), RIVAL_CLAIMS).await;
        let tokens = Arc::clone(&self.load.tokens);
        let load = Load { address: rival.address.clone(), tokens };
        let order = |head: String| Order {
            head,
            person: 0,
            key: String::new(),
            body: String::new(),
            confirmed: false,
        };
        let locked = load.closed(RIVAL_CLAIMS, move |_| order("POST /row-lock".into())).await;
        figures.outcome("row_lock", &locked);
        let rival = Rival::start(self.pool.clone(), CLAIMS).await;
        let load = Load { address: rival.address.clone(), tokens: Arc::clone(&self.load.tokens) };
        let upsert = move |at| order(format!("POST /upsert/{at}"));
        figures.outcome("upsert", &load.closed(RIVAL_CLAIMS * 10, upsert).await);
    }

    async fn redis(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.stack.redis_url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }
}

/// The tokens of the guests.
async fn guests(address: &str) -> Arc<Vec<String>> {
    #[derive(Deserialize)]
    struct Session {
        token: String,
    }
    let (next, mut workers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for _ in 0..64 {
        let (next, mut connection) = (Arc::clone(&next), Connection::open(address).await.unwrap());
        workers.spawn(async move {
            let mut tokens = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < GUESTS {
                let answer = connection.call("POST /v1/sessions", "", "", "{}").await.unwrap();
                tokens.push(serde_json::from_slice::<Session>(answer.body).unwrap().token);
            }
            tokens
        });
    }
    Arc::new(workers.join_all().await.concat())
}
