//! Load: as much as there is an answer to (closed loop), or as much as is offered (open loop).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::support::wire::Connection;

/// Connections of a closed loop: each sends the next request when the last was answered.
pub const CONNECTIONS: usize = 128;
/// Connections of an open loop: more than are ever in use while the service keeps up.
const OPEN_CONNECTIONS: usize = 512;
/// What a claim may be answered: granted, confirmed, or refused for its seats. Anything else would
/// be measured for what it is not.
const EXPECTED: [u16; 3] = [200, 201, 409];

/// One request, by somebody.
pub struct Order {
    /// `METHOD path`.
    pub head: String,
    /// Whose token it carries.
    pub person: usize,
    /// Its Idempotency-Key.
    pub key: String,
    /// JSON, or nothing.
    pub body: String,
    /// Whether what it holds is confirmed at once; both together are then one answer.
    pub confirmed: bool,
}

/// What came of all requests.
pub struct Outcome {
    pub answered: usize,
    pub took: Duration,
    pub latency_us: Histogram<u64>,
    pub statuses: BTreeMap<u16, usize>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.took.as_secs_f64()
    }

    pub fn ms_at(&self, quantile: f64) -> f64 {
        self.latency_us.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// Who sends to where.
pub struct Load {
    pub address: String,
    pub tokens: Arc<Vec<String>>,
}

impl Load {
    /// Sends so many requests, each connection the next as soon as the last was answered.
    pub async fn closed(
        &self,
        count: usize,
        order: impl Fn(usize) -> Order + Send + Sync + 'static,
    ) -> Outcome {
        self.run(CONNECTIONS, count, None, order).await
    }

    /// Sends so many requests at a steady rate, whether or not the earlier ones were answered. One
    /// that could not be sent in time, because all connections waited for answers, counts from when
    /// it should have been sent.
    pub async fn open(
        &self,
        count: usize,
        per_second: f64,
        order: impl Fn(usize) -> Order + Send + Sync + 'static,
    ) -> Outcome {
        self.run(OPEN_CONNECTIONS, count, Some(per_second), order).await
    }

    async fn run(
        &self,
        connections: usize,
        count: usize,
        per_second: Option<f64>,
        order: impl Fn(usize) -> Order + Send + Sync + 'static,
    ) -> Outcome {
        let (next, order) = (Arc::new(AtomicUsize::new(0)), Arc::new(order));
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(&self.address).await.unwrap());
        }
        let (started, mut workers) = (Instant::now(), JoinSet::new());
        for mut connection in open {
            let (next, order) = (Arc::clone(&next), Arc::clone(&order));
            let tokens = Arc::clone(&self.tokens);
            workers.spawn(async move {
                let mut told = (empty(), BTreeMap::<u16, usize>::new());
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return told;
                    }
                    let began = match per_second {
                        Some(rate) => {
                            due(started + Duration::from_secs_f64(at as f64 / rate)).await
                        }
                        None => Instant::now(),
                    };
                    let order = order(at);
                    let status = send(&mut connection, &order, &tokens[order.person]).await;
                    *told.1.entry(status).or_default() += 1;
                    told.0.record(began.elapsed().as_micros() as u64).unwrap();
                }
            });
        }
        let (mut latency_us, mut statuses) = (empty(), BTreeMap::<u16, usize>::new());
        for (latencies, counts) in workers.join_all().await {
            latency_us.add(latencies).unwrap();
            for (status, count) in counts {
                *statuses.entry(status).or_default() += count;
            }
        }
        Outcome { answered: count, took: started.elapsed(), latency_us, statuses }
    }
}

async fn send(connection: &mut Connection, order: &Order, token: &str) -> u16 {
    let Order { head, key, body, confirmed, .. } = order;
    let answer = connection.call(head, token, key, body).await.unwrap();
    assert!(
        EXPECTED.contains(&answer.status),
        "{}: {}",
        answer.status,
        String::from_utf8_lossy(answer.body)
    );
    if !confirmed || answer.status != 201 {
        return answer.status;
    }
    let held: Held<'_> = serde_json::from_slice(answer.body).unwrap();
    let head = format!("{head}/{}/confirm", held.id);
    let status = connection.call(&head, token, "", "").await.unwrap().status;
    assert_eq!(status, 200, "a hold was not confirmed");
    status
}

/// Of an answer, what confirming needs.
#[derive(serde::Deserialize)]
struct Held<'a> {
    id: &'a str,
}

/// Waits until a request is due, and says from when it counts. The clock that wakes sleepers ticks in
/// milliseconds: whoever waited for it counts from when it woke them.
async fn due(at: Instant) -> Instant {
    if Instant::now() >= at {
        return at;
    }
    sleep_until(at.into()).await;
    Instant::now()
}

fn empty() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()
}
