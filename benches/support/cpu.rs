//! CPU time of the processes that a measurement keeps busy, in and out of the kernel: on a machine
//! that they share it is what limits them, and a clock alone does not say which of them.

use std::collections::BTreeMap;
use std::fs;

use frontrow::ledger::PgPool;

/// Whose CPU time is told.
pub struct Processes(Vec<(&'static str, u32)>);

/// Seconds of CPU, by who used them.
pub type Seconds = BTreeMap<&'static str, f64>;

impl Processes {
    /// The service, the two stores, and this process, which sends the load.
    pub async fn find(service: u32, redis_url: &str, pool: &PgPool) -> Self {
        let client = redis::Client::open(redis_url).unwrap();
        let mut redis = client.get_multiplexed_async_connection().await.unwrap();
        let info: String = redis::cmd("INFO").arg("server").query_async(&mut redis).await.unwrap();
        let redis = info.lines().find_map(|line| line.strip_prefix("process_id:")).unwrap();
        let backend: i32 =
            sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(pool).await.unwrap();
        let postmaster = Stat::read(backend.cast_unsigned()).unwrap().parent;
        let redis = redis.trim().parse().unwrap();
        let generator = std::process::id();
        Self(vec![
            ("service", service),
            ("redis", redis),
            ("postgres", postmaster),
            ("generator", generator),
        ])
    }

    /// What each has used so far, PostgreSQL with all its backends.
    pub fn seconds(&self) -> Seconds {
        let used = |&(name, id): &(&'static str, u32)| {
            let children = if name == "postgres" { children_of(id) } else { Vec::new() };
            let all = children.into_iter().chain([id]);
            (name, all.filter_map(Stat::read).map(|stat| stat.seconds).sum())
        };
        self.0.iter().map(used).collect()
    }
}

/// What Linux says of a process.
struct Stat {
    parent: u32,
    seconds: f64,
}

impl Stat {
    /// None if it has ended.
    fn read(id: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // After the name, which is in parentheses and may have anything in it: the 3rd field and on.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |field: usize| fields[field - 3].parse::<u64>().ok();
        // The 14th and 15th are in ticks, of which Linux has 100 a second.
        let seconds = (number(14)? + number(15)?) as f64 / 100.0;
        Some(Self { parent: u32::try_from(number(4)?).ok()?, seconds })
    }
}

fn children_of(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap();
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|&id| Stat::read(id).is_some_and(|stat| stat.parent == parent)).collect()
}
