//! A private PostgreSQL.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::cluster::USER;
use super::error::EmbeddedError;
use super::home::Home;
use super::instance::{Instance, Kind, Port};
use super::process::Ending;
use super::{binaries, cluster, previous, psql};

/// SIGINT is PostgreSQL's "fast" shutdown: it ends sessions instead of waiting for them.
const KIND: Kind = Kind { program: "postgres", stop_signal: "INT", port_arguments, is_ready };

/// How to start a [`PostgresServer`].
#[derive(Clone, Copy, Debug)]
pub struct PostgresOptions<'a> {
    /// Where it keeps its data and its log; made if need be.
    pub data_dir: &'a Path,
    /// Give up every guarantee about crashes for speed; for tests.
    pub fast: bool,
    /// The port to listen on; a free one if `None`.
    pub port: Option<u16>,
    /// The directory with `postgres`, `initdb` and `psql`; the newest installed if `None`.
    pub bin_dir: Option<&'a Path>,
    /// Further settings, as `postgresql.conf` names them; they win over ours.
    pub settings: &'a [(&'a str, &'a str)],
    /// Remove `data_dir` when the server ends for good, be it because its owner ended. Has no
    /// effect on a directory that was not empty at the start.
    pub remove_at_end: bool,
}

impl<'a> PostgresOptions<'a> {
    /// A durable server on a free port, whose data stays.
    pub fn new(data_dir: &'a Path) -> Self {
        Self {
            data_dir,
            fast: false,
            port: None,
            bin_dir: None,
            settings: &[],
            remove_at_end: false,
        }
    }
}

/// A running PostgreSQL that listens on 127.0.0.1. Dropping it stops the server soon after;
/// [`PostgresServer::stop`] also waits until it is gone.
#[derive(Debug)]
pub struct PostgresServer {
    /// The server.
    instance: Instance,
    /// Where its programs are.
    bin_dir: PathBuf,
}

impl PostgresServer {
    /// Starts a server, making its files if there are none, and waits until it answers.
    pub async fn start(options: PostgresOptions<'_>) -> Result<Self, EmbeddedError> {
        let made_by = cluster::made_by(options.data_dir);
        let programs = binaries::postgres(options.bin_dir, made_by.as_deref()).await?;
        let account = Account::for_postgres(&cluster::path(options.data_dir)).await?;
        let home = Home::open(options.data_dir, account.as_ref()).await?;
        let cluster = cluster::path(home.path());
        previous::end(&cluster.join("postmaster.pid"), &cluster, KIND.stop_signal).await?;
        cluster::ensure(home.path(), &programs, account.as_ref(), options.fast).await?;
        let mut instance = Instance {
            kind: KIND,
            executable: programs.bin_dir.join("postgres"),
            arguments: arguments(&cluster, &options),
            account,
            remove_at_end: options.remove_at_end && home.was_empty(),
            home,
            port: 0,
            process: None,
        };
        instance.start(options.port.map_or(Port::Free, Port::Given)).await?;
        Ok(Self { instance, bin_dir: programs.bin_dir })
    }

    /// The URL of a database, whose name has no need of escaping.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.instance.port)
    }

    /// The port it listens on, the same through restarts.
    pub fn port(&self) -> u16 {
        self.instance.port
    }

    /// The postmaster's pid; `None` after [`PostgresServer::kill`].
    pub fn pid(&self) -> Option<u32> {
        self.instance.pid()
    }

    /// Whether there is a database of this name.
    pub async fn has_database(&self, name: &str) -> Result<bool, EmbeddedError> {
        let name = psql::literal(name);
        let statement = format!("SELECT 1 FROM pg_database WHERE datname = {name}");
        Ok(psql::run(&self.bin_dir, self.instance.port, &statement).await? == "1")
    }

    /// Creates an empty database.
    pub async fn create_database(&self, name: &str) -> Result<(), EmbeddedError> {
        self.create_database_from(name, "template0").await
    }

    /// Creates a database as a copy of another, to which nobody may be connected meanwhile.
    pub async fn create_database_from(
        &self,
        name: &str,
        template: &str,
    ) -> Result<(), EmbeddedError> {
        let (name, template) = (psql::identifier(name), psql::identifier(template));
        let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
        psql::run(&self.bin_dir, self.instance.port, &statement).await.map(drop)
    }

    /// Waits, however long, until it has ended although nobody told it to, and says how.
    pub async fn until_gone(&mut self) -> EmbeddedError {
        self.instance.until_gone().await
    }

    /// Stops it cleanly, ending open sessions, and waits until it is gone.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.instance.end(Ending::Final).await
    }

    /// Kills it at once, as a crash would. [`PostgresServer::restart`] brings it back.
    pub async fn kill(&mut self) -> Result<(), EmbeddedError> {
        self.instance.end(Ending::Kill).await
    }

    /// Starts it again on the same port and data, stopping it cleanly first if it runs.
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.instance.restart().await
    }
}

fn arguments(cluster: &Path, options: &PostgresOptions<'_>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["-D".into(), cluster.into()];
    let ours = [
        ("listen_addresses", "127.0.0.1"),
        // A socket's directory would have to be short and reachable; TCP is enough.
        ("unix_socket_directories", ""),
        ("max_connections", "200"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("logging_collector", "off"),
    ];
    let unsafe_but_fast =
        [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];
    let fast = if options.fast { unsafe_but_fast.as_slice() } else { &[] };
    for (name, value) in ours.iter().chain(fast).chain(options.settings) {
        arguments.extend(["-c".into(), format!("{name}={value}").into()]);
    }
    arguments
}

fn port_arguments(port: u16) -> Vec<OsString> {
    vec!["-c".into(), format!("port={port}").into()]
}

/// The postmaster says so itself, in the eighth line of its pid file, as it does for `pg_ctl`.
fn is_ready(home: &Path, _port: u16, pid: u32) -> bool {
    const STATUS_LINE: usize = 7;
    let pid_file = cluster::path(home).join("postmaster.pid");
    let status = fs::read_to_string(&pid_file).unwrap_or_default();
    previous::read_pid(&pid_file) == Some(pid)
        && status.lines().nth(STATUS_LINE).is_some_and(|status| status.trim() == "ready")
}
