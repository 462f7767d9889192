//! Two instances, their stores, and the ways between them.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use frontrow::embedded::{PostgresOptions, PostgresServer, RedisOptions, RedisServer};
use frontrow::ledger::{self, ConnectionOptions, PgPool};
use frontrow::rush::{Answer, Client};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::disk::Disk;
use crate::process::{Instance, signal, with_children};
use crate::proxy::{Mode, Proxy};

const DATABASE: &str = "frontrow";
pub const INSTANCES: usize = 2;
/// How long everything may take to come back. It is measured; this is when hope is given up.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// Everything that can fail.
pub struct Stage {
    pub instances: [Mutex<Instance>; INSTANCES],
    pub addresses: Arc<[SocketAddr]>,
    pub redis: Mutex<RedisServer>,
    pub postgres: Mutex<PostgresServer>,
    /// From each instance to Redis.
    pub to_redis: [Proxy; INSTANCES],
    /// From each instance to PostgreSQL.
    pub to_postgres: [Proxy; INSTANCES],
    /// Where Redis keeps what it promises to keep; none where one may not mount.
    pub disk: Option<Disk>,
    /// The tests' own way to PostgreSQL.
    pub pool: PgPool,
    pub redis_url: String,
    pub database_url: String,
    /// How many entries are in the log that nobody can read.
    pub poisoned: AtomicU64,
    /// Whether clients hang up before they are answered.
    pub hang_up: AtomicBool,
    pub directory: TempDir,
}

impl Stage {
    /// Starts everything.
    pub async fn start() -> Self {
        let directory = tempfile::Builder::new().prefix("frontrow-chaos-").tempdir().unwrap();
        // PostgreSQL runs as a user of its own when this one is root.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (redis_dir, postgres_dir) =
            (directory.path().join("redis"), directory.path().join("postgres"));
        let disk = Disk::mount(directory.path());
        // Its log and its lock stay outside, so that the disk can be taken away from under it.
        let setting = disk.as_ref().map(|disk| ("dir", disk.mount.to_str().unwrap()));
        let settings = setting.as_slice();
        let (redis, postgres) = tokio::try_join!(
            RedisServer::start(RedisOptions { settings, ..RedisOptions::new(&redis_dir) }),
            PostgresServer::start(PostgresOptions::new(&postgres_dir)),
        )
        .unwrap();
        postgres.create_database(DATABASE).await.unwrap();
        let (redis_url, database_url) = (redis.url(0), postgres.url(DATABASE));
        let options = ConnectionOptions { connections_max: 4, ..ConnectionOptions::default() };
        let pool = ledger::connect(&database_url, &options).await.unwrap();
        ledger::migrate(&pool).await.unwrap();
        let (to_redis, to_postgres) = (ways(redis.port()).await, ways(postgres.port()).await);
        let instances = [0, 1].map(|number| {
            let redis = through(&redis_url, redis.port(), &to_redis[number]);
            let database = through(&database_url, postgres.port(), &to_postgres[number]);
            let mut instance = Instance::new(directory.path(), number, &redis, &database);
            instance.start();
            instance
        });
        let addresses = instances.iter().map(|instance| instance.address).collect();
        let stage = Self {
            instances: instances.map(Mutex::new),
            addresses,
            redis: Mutex::new(redis),
            postgres: Mutex::new(postgres),
            to_redis,
            to_postgres,
            disk,
            pool,
            redis_url,
            database_url,
            poisoned: AtomicU64::new(0),
            hang_up: AtomicBool::new(false),
            directory,
        };
        stage.until_ready().await;
        stage
    }

    /// Waits until both instances say that they are ready; how long it took.
    pub async fn until_ready(&self) -> Duration {
        let began = Instant::now();
        for (instance, &address) in self.instances.iter().zip(self.addresses.iter()) {
            let mut client = Client::new(Arc::new([address]), 0, Duration::from_secs(5));
            while !matches!(client.get("/readyz").await, Answer::Yes(_)) {
                let mut instance = instance.lock().await;
                let said = instance.last_lines();
                assert!(began.elapsed() < READY_WITHIN, "it does not get ready:\n{said}");
                instance.keep_up();
                sleep(Duration::from_millis(20)).await;
            }
        }
        began.elapsed()
    }

    /// Kills an instance at once.
    pub async fn kill_instance(&self, number: usize) {
        self.instances[number].lock().await.kill().await;
    }

    pub async fn start_instance(&self, number: usize) {
        self.instances[number].lock().await.start();
    }

    /// Stops PostgreSQL in its tracks, or lets all of it go on.
    pub async fn pause_postgres(&self, paused: bool) {
        if let Some(pid) = self.postgres.lock().await.pid() {
            signal(if paused { "STOP" } else { "CONT" }, &with_children(pid));
        }
    }

    pub fn set_ways(&self, ways: &[Proxy; INSTANCES], mode: Mode) {
        for way in ways {
            way.set(mode);
        }
    }

    pub fn hangs_up(&self) -> bool {
        self.hang_up.load(Ordering::Relaxed)
    }

    /// Asks Redis, past the proxies.
    pub async fn ask_redis<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> T {
        let client = redis::Client::open(self.redis_url.as_str()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        command.query_async(&mut connection).await.unwrap()
    }

    /// Stops everything, and leaves the logs if they are worth a look.
    pub async fn stop(self, is_clean: bool) {
        for instance in &self.instances {
            instance.lock().await.kill().await;
        }
        self.pool.close().await;
        self.redis.into_inner().stop().await.unwrap();
        self.postgres.into_inner().stop().await.unwrap();
        if !is_clean {
            println!("what everything said is in {}", self.directory.keep().display());
        }
    }
}

async fn ways(port: u16) -> [Proxy; INSTANCES] {
    [Proxy::before(port).await, Proxy::before(port).await]
}

/// The same address with a proxy on the way.
fn through(url: &str, port: u16, proxy: &Proxy) -> String {
    let changed = url.replace(&format!(":{port}/"), &format!(":{}/", proxy.port));
    assert_ne!(changed, url);
    changed
}
