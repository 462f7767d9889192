//! A private redis-server.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use super::error::EmbeddedError;
use super::home::Home;
use super::instance::{Instance, Kind, Port};
use super::process::Ending;
use super::{binaries, previous};

/// How many databases a server has, so that tests can have one each.
const DATABASES: u16 = 1024;
/// How long one look whether the server answers may take.
const ANSWER_MAX: Duration = Duration::from_millis(200);

const KIND: Kind = Kind { program: "redis-server", stop_signal: "TERM", port_arguments, is_ready };

/// What survives the end of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Every answered write is on disk: append-only file, `appendfsync always`.
    Durable,
    /// Nothing.
    None,
}

/// How to start a [`RedisServer`].
#[derive(Clone, Copy, Debug)]
pub struct RedisOptions<'a> {
    /// Where it keeps its data and its log; made if need be.
    pub data_dir: &'a Path,
    /// What survives its end.
    pub persistence: Persistence,
    /// The port to listen on; a free one if `None`.
    pub port: Option<u16>,
    /// The executable; the first on the path if `None`.
    pub executable: Option<&'a Path>,
    /// Further settings, as `redis.conf` names them; they win over ours.
    pub settings: &'a [(&'a str, &'a str)],
    /// Remove `data_dir` when the server ends for good, be it because its owner ended. Has no
    /// effect on a directory that was not empty at the start.
    pub remove_at_end: bool,
}

impl<'a> RedisOptions<'a> {
    /// A durable server on a free port, whose data stays.
    pub fn new(data_dir: &'a Path) -> Self {
        Self {
            data_dir,
            persistence: Persistence::Durable,
            port: None,
            executable: None,
            settings: &[],
            remove_at_end: false,
        }
    }
}

/// A running redis-server that listens on 127.0.0.1. Dropping it stops the server soon after;
/// [`RedisServer::stop`] also waits until it is gone.
#[derive(Debug)]
pub struct RedisServer(Instance);

impl RedisServer {
    /// Starts a server and waits until it answers.
    pub async fn start(options: RedisOptions<'_>) -> Result<Self, EmbeddedError> {
        let executable = binaries::redis(options.executable).await?;
        let home = Home::open(options.data_dir, None).await?;
        previous::end(&home.path().join("redis.pid"), home.path(), KIND.stop_signal).await?;
        let mut instance = Instance {
            kind: KIND,
            executable,
            arguments: arguments(home.path(), &options),
            account: None,
            remove_at_end: options.remove_at_end && home.was_empty(),
            home,
            port: 0,
            process: None,
        };
        instance.start(options.port.map_or(Port::Free, Port::Given)).await?;
        Ok(Self(instance))
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: u16) -> String {
        debug_assert!(database < DATABASES, "there are {DATABASES} databases");
        format!("redis://127.0.0.1:{}/{database}", self.0.port)
    }

    /// The port it listens on, the same through restarts.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Its pid; `None` after [`RedisServer::kill`].
    pub fn pid(&self) -> Option<u32> {
        self.0.pid()
    }

    /// Waits, however long, until it has ended although nobody told it to, and says how.
    pub async fn until_gone(&mut self) -> EmbeddedError {
        self.0.until_gone().await
    }

    /// Stops it cleanly and waits until it is gone.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.0.end(Ending::Final).await
    }

    /// Kills it at once, as a crash would. [`RedisServer::restart`] brings it back.
    pub async fn kill(&mut self) -> Result<(), EmbeddedError> {
        self.0.end(Ending::Kill).await
    }

    /// Stops it in its tracks: what it is sent it takes in, and it answers nothing. Nobody can stop it
    /// cleanly before [`RedisServer::resume`].
    pub async fn pause(&self) -> Result<(), EmbeddedError> {
        self.signal("STOP").await
    }

    /// Lets it go on, with everything that it was sent meanwhile.
    pub async fn resume(&self) -> Result<(), EmbeddedError> {
        self.signal("CONT").await
    }

    async fn signal(&self, signal: &str) -> Result<(), EmbeddedError> {
        match self.pid() {
            Some(pid) => previous::signal(pid, signal).await,
            None => Ok(()),
        }
    }

    /// Starts it again on the same port and data, stopping it cleanly first if it runs.
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.0.restart().await
    }
}

fn arguments(home: &Path, options: &RedisOptions<'_>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--dir".into(), home.into()];
    arguments.extend(["--pidfile".into(), home.join("redis.pid").into_os_string()]);
    let databases = DATABASES.to_string();
    let append_only = match options.persistence {
        Persistence::Durable => "yes",
        Persistence::None => "no",
    };
    let ours = [
        ("bind", "127.0.0.1"),
        ("databases", &databases),
        ("maxmemory-policy", "noeviction"),
        ("appendonly", append_only),
        ("appendfsync", "always"),
        // Snapshots would only cost a fork: the append-only file is the persistence.
        ("save", ""),
    ];
    for (name, value) in ours.iter().chain(options.settings) {
        arguments.extend([format!("--{name}").into(), value.into()]);
    }
    arguments
}

fn port_arguments(port: u16) -> Vec<OsString> {
    vec!["--port".into(), port.to_string().into()]
}

/// PING says whether it has loaded its data, INFO whether it is ours.
fn is_ready(_home: &Path, port: u16, pid: u32) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut connection = TcpStream::connect_timeout(&address, ANSWER_MAX)?;
        connection.set_read_timeout(Some(ANSWER_MAX))?;
        connection.write_all(b"PING\r\nINFO server\r\nQUIT\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| {
        answer.starts_with("+PONG") && answer.contains(&format!("\r\nprocess_id:{pid}\r\n"))
    })
}
