//! How many holds, refusals and checkouts a second the service takes over HTTP, with the load
//! generator beside it. `cargo bench --bench claims` prints the figures.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::ConcertId;
use frontrow::ledger::PgPool;
use support::process::Service;
use support::wire::Connection;
use support::{import, stores};

const CONNECTIONS: usize = 128;
const HOLDS: usize = 60_000;
/// Seats that one user may have, as shipped.
const PER_USER: usize = 6;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (_dir, stack, pool) = stores().await;
    import(&pool).await;
    let concerts = concerts(&pool, 6).await;
    let service = Service::start(&stack).await;
    println!("service is process {}, redis {}", service.id, stack.redis_url());
    let people = people(&service.address, HOLDS / PER_USER).await;
    for concert in &concerts[..3] {
        let load = Load { address: service.address.clone(), people: Arc::clone(&people) };
        let path = format!("/v1/concerts/{concert}/reservations");
        load.run("holds of one named seat", HOLDS, move |at| Order {
            head: format!("POST {path}"),
            person: at / PER_USER,
            body: format!(r#"{{"seats":["{}-{}"]}}"#, at / 100 + 1, at % 100 + 1),
        })
        .await;
        let load = Load { address: service.address.clone(), people: Arc::clone(&people) };
        let path = format!("/v1/concerts/{concert}/reservations");
        let others = people.len();
        load.run("refusals of a seat that is held", HOLDS, move |at| Order {
            head: format!("POST {path}"),
            person: (at / PER_USER + others / 2) % others,
            body: format!(r#"{{"seats":["{}-{}"]}}"#, at / 100 + 1, at % 100 + 1),
        })
        .await;
    }
    drop(service);
    stack.stop().await.unwrap();
}

/// Further concerts in the stadium.
async fn concerts(pool: &PgPool, count: usize) -> Vec<ConcertId> {
    let mut ids = Vec::new();
    for number in 0..count {
        let slug = format!("bench-{number}");
        let concert = json!({"concerts": [{
            "slug": slug, "title": "The final", "artist": "Everybody", "seat_map": "Stadium",
            "venue": {"name": "Stadium", "city": "London", "time_zone": "Europe/London"},
            "starts_at": "2099-06-01T19:00:00Z", "sale": {"opens_at": "2020-01-01T00:00:00Z"},
            "currency": "GBP", "prices": {"Seat": 5_000},
        }]});
        import_bytes(pool, "bench.json", concert.to_string().into_bytes()).await.unwrap();
        ids.push(ConcertId::from_slug(&slug));
    }
    ids
}

/// The tokens of so many guests.
async fn people(address: &str, count: usize) -> Arc<Vec<String>> {
    let (next, mut workers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for _ in 0..32 {
        let (next, mut connection) = (Arc::clone(&next), Connection::open(address).await.unwrap());
        workers.spawn(async move {
            let mut tokens = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < count {
                let answer = connection.call("POST /v1/sessions", "", "", "{}").await.unwrap();
                let body: Value = serde_json::from_slice(answer.body).unwrap();
                let token = body["token"].as_str();
                tokens.push(token.unwrap_or_else(|| panic!("{body}")).to_owned());
            }
            tokens
        });
    }
    Arc::new(workers.join_all().await.concat())
}

/// One request.
struct Order {
    head: String,
    person: usize,
    body: String,
}

struct Load {
    address: String,
    people: Arc<Vec<String>>,
}

impl Load {
    async fn run(
        self,
        what: &str,
        count: usize,
        order: impl Fn(usize) -> Order + Send + Sync + 'static,
    ) {
        let (next, order, mut workers) =
            (Arc::new(AtomicUsize::new(0)), Arc::new(order), JoinSet::new());
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(Connection::open(&self.address).await.unwrap());
        }
        let started = Instant::now();
        for mut connection in connections {
            let (next, order, people) =
                (Arc::clone(&next), Arc::clone(&order), Arc::clone(&self.people));
            workers.spawn(async move {
                let mut latencies = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).unwrap();
                let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return (latencies, statuses);
                    }
                    let Order { head, person, body } = order(at);
                    let sent = Instant::now();
                    let key = format!("{at}");
                    let answer =
                        connection.call(&head, &people[person], &key, &body).await.unwrap();
                    *statuses.entry(answer.status).or_default() += 1;
                    if answer.status >= 500 || answer.status == 401 {
                        panic!("{}", String::from_utf8_lossy(answer.body));
                    }
                    latencies.record(sent.elapsed().as_micros() as u64).unwrap();
                }
            });
        }
        let mut all = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).unwrap();
        let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
        for (latencies, counts) in workers.join_all().await {
            all.add(latencies).unwrap();
            counts
                .into_iter()
                .for_each(|(status, count)| *statuses.entry(status).or_default() += count);
        }
        let took: Duration = started.elapsed();
        println!(
            "{what:40} {:>9.0} /s   p50 {:.2} ms  p99 {:.2} ms  max {:.2} ms  {statuses:?}",
            count as f64 / took.as_secs_f64(),
            all.value_at_quantile(0.5) as f64 / 1_000.0,
            all.value_at_quantile(0.99) as f64 / 1_000.0,
            all.max() as f64 / 1_000.0,
        );
    }
}
