//! What the same claims cost otherwise: redis-benchmark with our own script, and PostgreSQL behind the
//! same HTTP server.

use std::fmt::Write as _;
use std::process::Stdio;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use frontrow::http::server::{ServerLimits, serve};
use frontrow::inventory::scripts::Scripts;
use frontrow::ledger::PgPool;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// Requests that redis-benchmark sends.
const CALLS: usize = 100_000;
/// Seats of the concert that it claims from: each claim a seat by chance, so that one in twenty meets a
/// seat that is taken.
const SEATS: u32 = 1_000_000;

/// Holds a second by redis-benchmark with `reserve.lua`, one hold a call, and µs that one took in
/// Redis. The benchmark can only write decimal digits into its calls, so that a line before the script
/// makes a command of them.
pub async fn redis_benchmark(redis_url: &str) -> (f64, f64) {
    let client = redis::Client::open(redis_url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let source = &Scripts::new("benchmark").reserve.source;
    let (flags, script) = source.split_once('\n').unwrap();
    let mut prepared = flags.to_owned();
    write!(
        prepared,
        "\nlocal n = ARGV[5]\nARGV[5] = struct.pack('>c16c16I4c8HHI4I4', 'hold' .. n, 'user' .. n, 1, \
         'whatever', 1, 0, tonumber(n) % {SEATS}, 5000)\n{script}"
    )
    .unwrap();
    let prefix = "{bench}:c";
    let suffixes = ["meta", "seats", "holders", "reservations", "owners", "areas", "area_holds"];
    let mut keys: Vec<String> = suffixes.iter().map(|name| format!("{prefix}:{name}")).collect();
    keys.extend(["{bench}:deadlines".to_owned(), "{bench}:log".to_owned()]);
    let (now, day): (u64, u64) = (1_700_000_000_000, 86_400_000);
    let () = redis::pipe()
        .cmd("HSET")
        .arg(&keys[0])
        .arg(&["epoch", "1", "version", "1", "switch", "0", "opens_at", "0", "hold_ms", "600000"])
        .arg("closes_at")
        .arg(now * 2)
        .arg("cancel_until")
        .arg(now + day)
        .arg(&["max_seats_per_user", "6", "position", "1-0"])
        .arg("capacity")
        .arg(SEATS)
        .cmd("SETRANGE")
        .arg(&keys[1])
        .arg(SEATS / 4 - 1)
        .arg("\0")
        .cmd("SETRANGE")
        .arg(&keys[2])
        .arg(SEATS * 16 - 1)
        .arg("\0")
        .cmd("CONFIG")
        .arg("RESETSTAT")
        .query_async(&mut connection)
        .await
        .unwrap();
    let sha: String =
        redis::cmd("SCRIPT").arg("LOAD").arg(&prepared).query_async(&mut connection).await.unwrap();
    let port = redis_url.rsplit(':').next().unwrap().split('/').next().unwrap().to_owned();
    let output = Command::new("redis-benchmark")
        .args(["-p", &port, "-c", "64", "-P", "1", "-n", &CALLS.to_string(), "-r", "1000000000"])
        .args(["--csv", "EVALSHA", &sha, "9"])
        .args(&keys)
        // No budget, as the service has none for callers on its own machine.
        .args(["0123456789abcdef", "1", "1000000", "", "__rand_int__"])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let fields = text.lines().last().unwrap_or_default().split(',').nth(1);
    let rate = fields.and_then(|rate| rate.trim_matches('"').parse().ok());
    let granted: u64 = redis::cmd("HLEN").arg(&keys[3]).query_async(&mut connection).await.unwrap();
    assert!(granted > CALLS as u64 * 9 / 10, "{granted} holds of {CALLS}: {text}");
    let us = microseconds(&mut connection, "evalsha").await;
    let () = redis::cmd("DEL").arg(&keys).query_async(&mut connection).await.unwrap();
    (rate.unwrap_or_else(|| panic!("{text}")), us)
}

/// µs that a call of a command took in Redis on average.
pub async fn microseconds(
    connection: &mut redis::aio::MultiplexedConnection,
    command: &str,
) -> f64 {
    let info: String =
        redis::cmd("INFO").arg("commandstats").query_async(connection).await.unwrap();
    let line = info.lines().find(|line| line.starts_with(&format!("cmdstat_{command}:"))).unwrap();
    let field = line.split(',').find_map(|field| field.strip_prefix("usec_per_call="));
    field.unwrap().parse().unwrap()
}

/// The two ways of PostgreSQL, behind the server that the service has: `POST /row-lock` sells the first
/// free seat under `FOR UPDATE`, `POST /upsert/{seat}` a named one by one conditional statement.
pub struct Rival {
    pub address: String,
    stop: CancellationToken,
}

impl Drop for Rival {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Rival {
    pub async fn start(pool: PgPool, seats: usize) -> Self {
        for statement in [
            "CREATE TABLE IF NOT EXISTS rival_seats (id integer PRIMARY KEY, holder integer)",
            "TRUNCATE rival_seats",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        sqlx::query("INSERT INTO rival_seats SELECT generate_series(0, $1 - 1)")
            .bind(seats as i32)
            .execute(&pool)
            .await
            .unwrap();
        let router = axum::Router::new()
            .route("/row-lock", post(row_lock))
            .route("/upsert/{seat}", post(upsert))
            .with_state(pool);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, router, stop.clone(), ServerLimits::default()));
        Self { address, stop }
    }
}

async fn row_lock(State(pool): State<PgPool>) -> StatusCode {
    let mut transaction = pool.begin().await.unwrap();
    let find = "SELECT id FROM rival_seats WHERE holder IS NULL ORDER BY id LIMIT 1 FOR UPDATE";
    let seat: Option<i32> =
        sqlx::query_scalar(find).fetch_optional(&mut *transaction).await.unwrap();
    let Some(seat) = seat else { return StatusCode::CONFLICT };
    let claim = sqlx::query("UPDATE rival_seats SET holder = 1 WHERE id = $1").bind(seat);
    claim.execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    StatusCode::CREATED
}

async fn upsert(State(pool): State<PgPool>, Path(seat): Path<i32>) -> StatusCode {
    let claim = "INSERT INTO rival_seats AS seat (id, holder) VALUES ($1, 1)
        ON CONFLICT (id) DO UPDATE SET holder = 1 WHERE seat.holder IS NULL";
    let done = sqlx::query(claim).bind(seat).execute(&pool).await.unwrap();
    if done.rows_affected() == 1 { StatusCode::CREATED } else { StatusCode::CONFLICT }
}
