//! Finding the servers' programs, and whether they are new enough.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tokio::process::Command;

use super::error::EmbeddedError;

/// Redis functions, `EXPIRETIME` and the stream commands the scripts use appeared in 7.0.
const REDIS_NEEDED: (u32, &str) = (7, "7.0");
/// The oldest PostgreSQL that the migrations are written for.
const POSTGRES_NEEDED: (u32, &str) = (14, "14");
/// Where Debian keeps one directory for each major version of PostgreSQL.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";
/// Where a server may be although a user's `PATH` does not say so.
const USUAL_PLACES: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/usr/sbin"];

/// The programs of one PostgreSQL installation.
#[derive(Clone, Debug)]
pub(super) struct PostgresPrograms {
    /// The directory that has `postgres`, `initdb` and `psql`.
    pub bin_dir: PathBuf,
    /// Its major version.
    pub major: u32,
}

/// The redis-server to use: the one given, or the first on the path.
pub(super) async fn redis(given: Option<&Path>) -> Result<PathBuf, EmbeddedError> {
    let found = match given {
        Some(path) => path.is_file().then(|| path.to_path_buf()),
        None => search_path().into_iter().map(|dir| dir.join("redis-server")).find(|p| p.is_file()),
    };
    let path = found.ok_or(EmbeddedError::BinaryMissing {
        program: "redis-server",
        package: "redis-server",
        variable: "REDIS_URL",
    })?;
    // "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=…"
    let version = version(&path, |said| said.split_once("v=").map(|(_, rest)| rest)).await?;
    require(&path, &version, REDIS_NEEDED, "REDIS_URL")?;
    Ok(path)
}

/// The PostgreSQL to use: the one given; or the one of the major version that made the data;
/// or the newest.
pub(super) async fn postgres(
    given: Option<&Path>,
    made_by: Option<&str>,
) -> Result<PostgresPrograms, EmbeddedError> {
    let candidates = match given {
        Some(dir) => vec![dir.to_path_buf()],
        None => {
            let mut dirs = debian_postgres(Path::new(DEBIAN_POSTGRES));
            if let Some(made_by) = made_by {
                let same_major = Path::new(DEBIAN_POSTGRES).join(made_by).join("bin");
                dirs.sort_by_key(|dir| *dir != same_major);
            }
            dirs.extend(search_path());
            dirs
        }
    };
    let bin_dir = candidates
        .into_iter()
        .find(|dir| dir.join("postgres").is_file() && dir.join("initdb").is_file())
        .ok_or(EmbeddedError::BinaryMissing {
            program: "postgres",
            package: "postgresql",
            variable: "DATABASE_URL",
        })?;
    let postgres = bin_dir.join("postgres");
    // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
    let version = version(&postgres, |said| said.split_once("(PostgreSQL) ").map(|(_, rest)| rest));
    let major = require(&postgres, &version.await?, POSTGRES_NEEDED, "DATABASE_URL")?;
    Ok(PostgresPrograms { bin_dir, major })
}

/// The `bin` directories under `root`, newest major version first.
fn debian_postgres(root: &Path) -> Vec<PathBuf> {
    let mut majors: Vec<u32> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    majors.sort_unstable_by(|a, b| b.cmp(a));
    majors.iter().map(|major| root.join(major.to_string()).join("bin")).collect()
}

fn search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain(USUAL_PLACES.map(PathBuf::from)).collect()
}

/// Asks a program for its version; `after` cuts off what it says before the number.
async fn version(
    path: &Path,
    after: impl Fn(&str) -> Option<&str>,
) -> Result<String, EmbeddedError> {
    let broken = |detail: String| EmbeddedError::BinaryBroken { path: path.to_path_buf(), detail };
    let output = Command::new(path).arg("--version").output().await;
    let output = output.map_err(|error| broken(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let number = after(&said).and_then(|rest| rest.split_whitespace().next());
    match number {
        Some(number) => Ok(number.to_owned()),
        None => Err(broken(format!("it does not say its version ({})", output.status))),
    }
}

/// Holds a version like `7.0.15` or `18beta1` against the oldest major that will do.
fn require(
    path: &Path,
    version: &str,
    (needed_major, needed): (u32, &'static str),
    variable: &'static str,
) -> Result<u32, EmbeddedError> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    match digits.parse() {
        Ok(major) if major >= needed_major => Ok(major),
        _ => Err(EmbeddedError::VersionTooOld {
            path: path.to_path_buf(),
            found: version.to_owned(),
            needed,
            variable,
        }),
    }
}
