//! A private stack to rush: servers, a house that is on sale, and the service as a process of its own, as
//! it is on the night.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::sleep;

use crate::catalogue::import::import_bytes;
use crate::domain::ids::ConcertId;
use crate::domain::reservation::Reservation;
use crate::embedded::DevStack;
use crate::ledger::{self, ConnectionOptions, PgPool};
use crate::rush::{Answer, Client, History, OnSale, oracle};

/// Seats of a row.
const ROW_SEATS: usize = 50;
/// Rows of a block.
const BLOCK_ROWS: usize = 20;
/// The concert's slug.
const SLUG: &str = "rush";
/// How long the service may take to get ready. It takes half a second.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long PostgreSQL may take to have every sale after the last answer. It takes milliseconds; this is
/// when hope is given up.
const PERSISTED_WITHIN: Duration = Duration::from_secs(20);

/// What is rushed. To be stopped, so that nothing stays behind.
pub(super) struct Stack {
    /// Where the service is.
    pub address: SocketAddr,
    /// The concert.
    pub on_sale: Arc<OnSale>,
    pool: PgPool,
    service: Child,
    servers: DevStack,
    directory: PathBuf,
}

impl Stack {
    /// Starts all of it, with a house of so many seats on sale.
    pub(super) async fn start(seats: u32, hold_seconds: u32) -> Result<Self> {
        let name = format!("frontrow-rush-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        let servers = DevStack::start(&directory).await?;
        let pool = ledger::connect(&servers.database_url(), &ConnectionOptions::default()).await?;
        ledger::migrate(&pool).await?;
        let on_sale = put_on_sale(&pool, seats, hold_seconds).await?;
        let (service, address) = serve(&servers).await?;
        until_ready(address).await?;
        Ok(Self { address, on_sale, pool, service, servers, directory })
    }

    /// What PostgreSQL has sold, once it has all that the history was told of, or does not get it.
    pub(super) async fn sold(&self, history: &History) -> Result<Vec<Reservation>> {
        let ended = Instant::now();
        loop {
            let sold = oracle::sold(&self.pool, self.on_sale.concert).await?;
            let lacks_some = oracle::compare(history, &sold).lost > 0;
            if !lacks_some || ended.elapsed() > PERSISTED_WITHIN {
                return Ok(sold);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops all of it, and removes what it kept.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.service.kill().await?;
        self.pool.close().await;
        self.servers.stop().await?;
        let directory = self.directory;
        tokio::fs::remove_dir_all(&directory)
            .await
            .with_context(|| format!("{} cannot be removed", directory.display()))
    }
}

/// Starts this very program as the service, with its settings as shipped.
async fn serve(servers: &DevStack) -> Result<(Child, SocketAddr)> {
    let mut service = Command::new(std::env::current_exe()?)
        .args(["serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"])
        .env("REDIS_URL", servers.redis_url())
        .env("DATABASE_URL", servers.database_url())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("the service cannot be started")?;
    let said = service.stderr.take().context("the service cannot be heard")?;
    let mut said = BufReader::new(said).lines();
    let address = address(&mut said).await?;
    // What it has to say from here on is said by it, as if it had been started by hand.
    tokio::spawn(async move {
        while let Ok(Some(line)) = said.next_line().await {
            eprintln!("{line}");
        }
    });
    Ok((service, address))
}

/// Waits until the service says that it is ready: it has verified Redis then.
async fn until_ready(address: SocketAddr) -> Result<()> {
    let mut client = Client::new(Arc::new([address]), 0, Duration::from_secs(1));
    let began = Instant::now();
    while !matches!(client.get("/readyz").await, Answer::Yes(_)) {
        ensure!(began.elapsed() < READY_WITHIN, "the service does not get ready");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Where the service says that it listens.
async fn address(said: &mut Lines<BufReader<ChildStderr>>) -> Result<SocketAddr> {
    let mut all = String::new();
    while let Some(line) = said.next_line().await? {
        if let Some((_, addresses)) = line.split_once("serving http://") {
            let (address, _) = addresses.split_once(';').unwrap_or((addresses, ""));
            return Ok(address.parse()?);
        }
        all = format!("{all}\n{line}");
    }
    bail!("the service ended at its start:{all}")
}

async fn put_on_sale(pool: &PgPool, seats: u32, hold_seconds: u32) -> Result<Arc<OnSale>> {
    let ids: Vec<_> = (0..seats).map(|seat| format!("S-{}", seat + 1)).collect();
    import_bytes(pool, "house.json", plan(&ids).to_string().into_bytes()).await?;
    let now = Timestamp::from_second(Timestamp::now().as_second())?;
    let concert = json!({ "concerts": [{
        "slug": SLUG, "title": "The night that everybody waited for", "artist": "Everybody",
        "venue": { "name": "The House", "city": "Here", "time_zone": "Etc/UTC" },
        "seat_map": "The House",
        "starts_at": (now + 2_400.hours()).to_string(),
        "sale": { "opens_at": (now - 1.hour()).to_string() },
        "currency": "EUR", "prices": { "Front": 9_500, "Back": 4_500 },
        "hold_seconds": hold_seconds,
    }]});
    import_bytes(pool, "concert.json", concert.to_string().into_bytes()).await?;
    Ok(Arc::new(OnSale::new(ConcertId::from_slug(SLUG), ids)))
}

/// A house of rows, one behind the other, in blocks.
fn plan(ids: &[String]) -> Value {
    let in_front = ids.len() / ROW_SEATS / 4;
    let rows: Vec<_> = ids
        .chunks(ROW_SEATS)
        .enumerate()
        .map(|(row, ids)| {
            let category = if row <= in_front { "Front" } else { "Back" };
            let seat = |(number, id): (usize, &String)| {
                json!({ "seat_guid": id, "seat_number": (number + 1).to_string(),
                    "category": category, "position": { "x": number * 10, "y": 0 } })
            };
            json!({ "row_number": (row + 1).to_string(), "position": { "x": 0, "y": row * 10 },
                "seats": ids.iter().enumerate().map(seat).collect::<Vec<_>>() })
        })
        .collect();
    let zone = |(number, rows): (usize, &[Value])| json!({ "name": format!("Block {}", number + 1), "position": { "x": 0, "y": 0 }, "rows": rows });
    let category = |name: &str, color: &str| json!({ "name": name, "color": color });
    json!({ "name": "The House", "size": { "width": 1_000, "height": 10 * rows.len() },
        "categories": [category("Front", "#7a3e9d"), category("Back", "#446688")],
        "zones": rows.chunks(BLOCK_ROWS).enumerate().map(zone).collect::<Vec<_>>() })
}
