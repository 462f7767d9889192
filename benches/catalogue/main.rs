//! What listings cost on a season of 100,000 concerts with a million reservations, beside a sale: how
//! many of them reach the database with and without each layer, how long each takes, and what the size
//! of the pool changes. `cargo bench --bench catalogue` prints the figures; with `-- plans`, it only looks
//! at how PostgreSQL plans the queries, and fails if one reads a large table through.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

mod load;
mod plans;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Instant;

use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::ConcertId;
use frontrow::embedded::DevStack;
use frontrow::ledger::PgPool;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tokio::task::JoinSet;

use load::{Latencies, Wanted, read, sell};
use support::process::Service;
use support::wire::Connection;
use support::{print, stores};

/// Listing requests in a second, and claims beside them.
const PER_SECOND: f64 = 200.0;
const CLAIMS_PER_SECOND: f64 = 100.0;
/// Requests of one measurement: ten seconds.
const REQUESTS: usize = 2_000;
/// Guests who claim: each has few enough seats at a time.
const GUESTS: usize = 600;
const COLD_READERS: usize = 1_000;

const LAYERS: [(&str, &str); 4] = [
    ("memory and redis", "memory,redis"),
    ("redis", "redis"),
    ("memory", "memory"),
    ("no layer", "none"),
];

#[tokio::main]
async fn main() {
    let (_dir, stack, pool) = stores().await;
    let begun = Instant::now();
    let concert = import(&pool).await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::query("SET statement_timeout = 0").execute(&mut *connection).await.unwrap();
    let seed = AssertSqlSafe(include_str!("seed.sql").to_owned());
    sqlx::raw_sql(seed).execute(&mut *connection).await.unwrap();
    drop(connection);
    print("100,000 concerts and 1,000,000 reservations", begun.elapsed());
    plans::check(&pool).await;
    if !std::env::args().any(|argument| argument == "plans") {
        let ids = "SELECT id::text FROM concerts WHERE slug LIKE 'c-%' ORDER BY starts_at";
        let ids = sqlx::query_scalar(ids).fetch_all(&pool).await.unwrap();
        let season = Season { ids: Arc::new(ids), on_sale: concert.to_string() };
        measure(&stack, &season).await;
    }
    pool.close().await;
    stack.stop().await.unwrap();
}

/// What there is to ask for.
#[derive(Clone)]
struct Season {
    /// All concerts but one, by when they begin.
    ids: Arc<Vec<String>>,
    /// The one that is being sold.
    on_sale: String,
}

async fn measure(stack: &DevStack, season: &Season) {
    let first = Service::start(stack, &[]).await;
    let tokens = Arc::new(guests(&first.address).await);
    drop(first);
    for (name, layers) in LAYERS {
        let settings = [("CACHE_LAYERS", layers)];
        let instances =
            [Service::start(stack, &settings).await, Service::start(stack, &settings).await];
        let addresses = instances.each_ref().map(|instance| instance.address.clone());
        let (address, on_sale) = (addresses[0].clone(), season.on_sale.clone());
        let sale =
            tokio::spawn(sell(layers, address, on_sale, Arc::clone(&tokens), CLAIMS_PER_SECOND));
        let cold = season.cold(layers);
        let cold = read(&addresses, PER_SECOND, REQUESTS, &tokens[0], cold).await;
        // What it is warmed by is not counted.
        read(&addresses, PER_SECOND, REQUESTS, &tokens[0], season.warm()).await;
        let before = made(&instances).await;
        let seen = read(&addresses, PER_SECOND, REQUESTS, &tokens[0], season.warm()).await;
        let made = made(&instances).await - before;
        println!(
            "\n{name}: {:.1} of 1,000 requests reach a store",
            made as f64 * 1e3 / REQUESTS as f64
        );
        tell("cold", &cold);
        tell("warm", &seen);
        assert!(!sale.is_finished(), "the sale beside it ended");
        sale.abort();
    }
    mine(stack, &tokens[0]).await;
    rush_to_one_key(stack).await;
    for size in ["3", "8", "16", "32"] {
        let settings =
            [("CACHE_LAYERS", "none"), ("DATABASE_POOL_SIZE", size), ("CACHE_MADE_AT_ONCE", size)];
        let instance = Service::start(stack, &settings).await;
        let seen = read(
            std::slice::from_ref(&instance.address),
            2.0 * PER_SECOND,
            REQUESTS,
            "-",
            season.cold("pool"),
        )
        .await;
        tell(&format!("no layer, pool of {size}, 400/s"), &seen);
    }
}

impl Season {
    /// What is asked for by many: the first pages, some cities and artists, the concerts that are
    /// talked of.
    fn warm(&self) -> impl Fn(usize) -> Wanted + Send + Sync + 'static {
        let Self { ids, on_sale } = self.clone();
        move |at| {
            let some = at * 7919 % 100_003;
            match at % 10 {
                0..=2 => ("list", "/v1/concerts".to_owned()),
                3 => ("list of a city", format!("/v1/concerts?city=cite%20{}", some % 20)),
                4 => ("search", format!("/v1/concerts?q=artist%20{}", some % 20)),
                5 => ("what opens next", "/v1/concerts?sort=opening".to_owned()),
                6 | 7 => ("concert", format!("/v1/concerts/{}", ids[some % 100])),
                8 => ("availability", format!("/v1/concerts/{on_sale}/availability")),
                _ => ("seat map", format!("/v1/concerts/{on_sale}/seat-map")),
            }
        }
    }

    /// What nobody has asked for before: something else in each round.
    fn cold(&self, round: &str) -> impl Fn(usize) -> Wanted + Send + Sync + 'static {
        let (ids, from) = (Arc::clone(&self.ids), round.len() * 2_500);
        move |at| {
            let some = from + at;
            let concert = &ids[some];
            match at % 4 {
                0 => {
                    let (city, limit) = (some % 50, some % 47 + 3);
                    let path = format!("/v1/concerts?city=cite%20{city}&limit={limit}");
                    ("list of a city", path)
                }
                1 => ("search", format!("/v1/concerts?q=artist%20{}", some % 5_000)),
                2 => ("concert", format!("/v1/concerts/{concert}")),
                _ => ("availability", format!("/v1/concerts/{concert}/availability")),
            }
        }
    }
}

/// Answers that instances made of the stores so far.
async fn made(instances: &[Service]) -> u64 {
    let mut sum = 0;
    for instance in instances {
        let mut connection = Connection::open(&instance.metrics).await.unwrap();
        let answer = connection.call("GET /metrics", "-", "-", "").await.unwrap();
        let text = std::str::from_utf8(answer.body).unwrap();
        let is_made = |line: &&str| {
            line.starts_with("frontrow_cache_answers_total") && line.contains("from=\"made\"")
        };
        let count = |line: &str| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap();
        sum += text.lines().find(is_made).map_or(0, count);
    }
    sum
}

/// What somebody bought is theirs alone, and read from PostgreSQL each time.
async fn mine(stack: &DevStack, token: &str) {
    let instance = Service::start(stack, &[]).await;
    let wanted = |_| ("my reservations", "/v1/me/reservations".to_owned());
    let seen =
        read(std::slice::from_ref(&instance.address), PER_SECOND, REQUESTS / 4, token, wanted)
            .await;
    tell("mine", &seen);
}

/// A thousand readers come at once to two instances that have nothing.
async fn rush_to_one_key(stack: &DevStack) {
    let instances = [Service::start(stack, &[]).await, Service::start(stack, &[]).await];
    let before = made(&instances).await;
    let (begun, mut readers) = (Instant::now(), JoinSet::new());
    for reader in 0..COLD_READERS {
        let address = instances[reader % 2].address.clone();
        readers.spawn(async move {
            let mut connection = Connection::open(&address).await.unwrap();
            let path = "GET /v1/concerts?q=soiree&limit=50";
            assert_eq!(connection.call(path, "-", "-", "").await.unwrap().status, 200);
        });
    }
    readers.join_all().await;
    print("1,000 readers of one cold key on two instances", begun.elapsed());
    println!("{:52} {:>10} made", "", made(&instances).await - before);
}

fn tell(when: &str, latencies: &Latencies) {
    for (what, histogram) in latencies {
        let ms = |quantile| histogram.value_at_quantile(quantile) as f64 / 1e3;
        let what = format!("{when}: {what}");
        let count = histogram.len();
        println!("{what:52} {count:>6}  p50 {:>7.2}  p99 {:>7.2} ms", ms(0.5), ms(0.99));
    }
}

async fn guests(address: &str) -> Vec<String> {
    let mut connection = Connection::open(address).await.unwrap();
    let mut tokens = Vec::new();
    for _ in 0..GUESTS {
        let answer = connection.call("POST /v1/sessions", "-", "-", "").await.unwrap();
        let session: Value = serde_json::from_slice(answer.body).unwrap();
        tokens.push(session["token"].as_str().unwrap().to_owned());
    }
    tokens
}

/// A hall of forty rows of fifty seats, with a concert on sale whose holds are short.
async fn import(pool: &PgPool) -> ConcertId {
    let position = |x: u32, y: u32| json!({"x": x, "y": y});
    let row = |row: u32| {
        let seat = |seat: u32| {
            json!({"seat_guid": format!("{row}-{seat}"), "seat_number": seat.to_string(),
                "position": position(seat, 0), "category": "Seat"})
        };
        json!({"row_number": row.to_string(), "position": position(0, row),
            "seats": (1..=50).map(seat).collect::<Vec<_>>()})
    };
    let plan = json!({"name": "Hall", "size": {"width": 100, "height": 100},
        "categories": [{"name": "Seat", "color": "#446688"}],
        "zones": [{"name": "Stalls", "position": position(0, 0), "rows": (1..=40).map(row).collect::<Vec<_>>()}]});
    import_bytes(pool, "hall.json", plan.to_string().into_bytes()).await.unwrap();
    let concert = json!({"concerts": [{
        "slug": "sale", "title": "The sale", "artist": "Everybody", "seat_map": "Hall",
        "venue": {"name": "Hall", "city": "London", "time_zone": "Europe/London"},
        "starts_at": "2099-06-01T19:00:00Z", "sale": {"opens_at": "2020-01-01T00:00:00Z"},
        "currency": "GBP", "prices": {"Seat": 5_000}, "hold_seconds": 5,
    }]});
    import_bytes(pool, "sale.json", concert.to_string().into_bytes()).await.unwrap();
    ConcertId::from_slug("sale")
}
