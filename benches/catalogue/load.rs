//! Readers at a steady rate, whether or not earlier ones were answered, and a sale beside them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::support::wire::Connection;

/// More than are ever in use while the service keeps up.
const CONNECTIONS: usize = 96;

/// How long answers took, by what was asked for.
pub type Latencies = BTreeMap<&'static str, Histogram<u64>>;

/// Something to ask for: what it is, and its path.
pub type Wanted = (&'static str, String);

/// Asks for so many things at a rate, from several instances in turn.
pub async fn read(
    addresses: &[String],
    per_second: f64,
    count: usize,
    token: &str,
    wanted: impl Fn(usize) -> Wanted + Send + Sync + 'static,
) -> Latencies {
    let (next, wanted, token) = (Arc::new(AtomicUsize::new(0)), Arc::new(wanted), token.to_owned());
    let begun = Instant::now() + Duration::from_millis(50);
    let mut readers = JoinSet::new();
    for reader in 0..CONNECTIONS.min(count) {
        let address = addresses[reader % addresses.len()].clone();
        let (next, wanted, token) = (Arc::clone(&next), Arc::clone(&wanted), token.clone());
        readers.spawn(async move {
            let mut connection = Connection::open(&address).await.unwrap();
            let mut latencies = Latencies::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return latencies;
                }
                let due = begun + Duration::from_secs_f64(at as f64 / per_second);
                sleep_until(due.into()).await;
                let (what, path) = wanted(at);
                let answer =
                    connection.call(&format!("GET {path}"), &token, "-", "").await.unwrap();
                // Where nothing is kept, more may be asked for than can be made in time.
                let what = match answer.status {
                    200 => what,
                    503 => "answered 503",
                    status => panic!("{path}: {status}"),
                };
                let micros = due.elapsed().as_micros() as u64;
                let histogram = latencies.entry(what).or_insert_with(new_histogram);
                histogram.record(micros.max(1)).unwrap();
            }
        });
    }
    let mut all = Latencies::new();
    for latencies in readers.join_all().await {
        for (what, histogram) in latencies {
            all.entry(what).or_insert_with(new_histogram).add(histogram).unwrap();
        }
    }
    all
}

fn new_histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap()
}

/// Sells: claims of seats whose holds end after some seconds, by guests, for as long as this is not
/// dropped. No other sale has the same name, or its claims would be answered again.
pub async fn sell(
    name: &str,
    address: String,
    concert: String,
    tokens: Arc<Vec<String>>,
    per_second: f64,
) {
    let mut connection = Connection::open(&address).await.unwrap();
    let begun = Instant::now();
    for at in 0_usize.. {
        sleep_until((begun + Duration::from_secs_f64(at as f64 / per_second)).into()).await;
        let (row, seat) = (at % 2000 / 50 + 1, at % 50 + 1);
        let head = format!("POST /v1/concerts/{concert}/reservations");
        let body = format!("{{\"seats\":[\"{row}-{seat}\"]}}");
        let (token, key) = (&tokens[at % tokens.len()], format!("{name}-{at}"));
        let answer = connection.call(&head, token, &key, &body).await.unwrap();
        assert!(matches!(answer.status, 201 | 409 | 503), "{}", answer.status);
    }
}
