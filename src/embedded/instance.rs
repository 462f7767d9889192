//! The life of one server, whichever it is: start, crash, restart, stop.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::account::Account;
use super::error::EmbeddedError;
use super::home::Home;
use super::port;
use super::process::{Ending, Launch, POLL, Supervised};

/// How long a server may take until it answers; reading a long log back takes its time.
const START_MAX: Duration = Duration::from_secs(60);
/// How many free ports are tried when others keep taking them first.
const PORT_TRIES_MAX: usize = 10;
/// How often to look whether a server still runs.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long the backends of a PostgreSQL that was killed may hold on to its memory.
const BACKENDS_LEAVE: Duration = Duration::from_secs(10);

/// Which port a server is to have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Port {
    /// This one, or none.
    Given(u16),
    /// Any that is free.
    Free,
}

/// What distinguishes one kind of server from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// The program, as people know it.
    pub program: &'static str,
    /// The signal that stops it cleanly, by name.
    pub stop_signal: &'static str,
    /// The argument (or two) that gives it a port.
    pub port_arguments: fn(u16) -> Vec<OsString>,
    /// Whether the server with this port and pid, living in this home, takes commands. It may
    /// wait a little, and it must not be taken in by another server on the same port.
    pub is_ready: fn(&Path, u16, u32) -> bool,
}

/// A server with all that is needed to start it again.
#[derive(Debug)]
pub(super) struct Instance {
    /// What kind it is.
    pub kind: Kind,
    /// Its executable.
    pub executable: PathBuf,
    /// Its arguments, without the port.
    pub arguments: Vec<OsString>,
    /// The user it runs as, when that is not ourselves.
    pub account: Option<Account>,
    /// Where it lives.
    pub home: Home,
    /// Whether its home is removed after it.
    pub remove_at_end: bool,
    /// Its port, the same through restarts.
    pub port: u16,
    /// The running process, unless it was killed.
    pub process: Option<Supervised>,
}

impl Instance {
    /// Starts it for the first time, on the port asked for.
    pub async fn start(&mut self, asked: Port) -> Result<(), EmbeddedError> {
        if let Port::Given(port) = asked {
            self.port = port;
            return self.launch_patiently().await;
        }
        let mut tries = 1;
        loop {
            self.port = port::free()?;
            match self.launch_patiently().await {
                Err(EmbeddedError::PortTaken { .. }) if tries < PORT_TRIES_MAX => tries += 1,
                other => return other,
            }
        }
    }

    /// The pid of the server, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Supervised::pid)
    }

    /// Waits, however long, until it has ended although nobody told it to, and says how.
    pub async fn until_gone(&mut self) -> EmbeddedError {
        while self.process.as_mut().is_some_and(|process| !process.has_ended()) {
            sleep(LOOK_EVERY).await;
        }
        let (home, log) = (self.home.path(), self.home.log_path());
        EmbeddedError::gone(self.kind.program, home, log, self.home.last_lines())
    }

    /// Stops it if it runs, and starts it on the same port and data.
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.end(Ending::Stop).await?;
        self.launch_patiently().await
    }

    /// Ends it, if it runs.
    pub async fn end(&mut self, ending: Ending) -> Result<(), EmbeddedError> {
        let Some(process) = self.process.take() else {
            return Ok(());
        };
        let pid = process.pid();
        process.end(ending).await.map_err(|_| EmbeddedError::DoesNotStop { pid })
    }

    /// Launches, and again while the backends of a killed PostgreSQL are still leaving.
    async fn launch_patiently(&mut self) -> Result<(), EmbeddedError> {
        let deadline = Instant::now() + BACKENDS_LEAVE;
        loop {
            match self.launch().await {
                Err(EmbeddedError::Died { last_lines, .. })
                    if last_lines.contains("pre-existing shared memory block")
                        && Instant::now() < deadline =>
                {
                    sleep(10 * POLL).await;
                }
                other => return other,
            }
        }
    }

    async fn launch(&mut self) -> Result<(), EmbeddedError> {
        // Asked beforehand because now its holder can be named.
        port::require_free(self.port)?;
        let mut arguments = self.arguments.clone();
        arguments.extend((self.kind.port_arguments)(self.port));
        let launch = Launch {
            program: self.executable.clone(),
            arguments,
            account: self.account.clone(),
            stop_signal: self.kind.stop_signal,
            log: self.home.new_log()?,
            remove: self.remove_at_end.then(|| self.home.path().to_path_buf()),
        };
        let mut process = Supervised::spawn(launch).await.map_err(|source| {
            EmbeddedError::Process { program: self.kind.program.to_owned(), source }
        })?;
        let pid = process.pid();
        let deadline = Instant::now() + START_MAX;
        while !self.is_ready(pid).await {
            if process.has_ended() {
                return Err(self.why_it_died());
            }
            if Instant::now() > deadline {
                let too_slow = self.too_slow();
                process.end(Ending::Kill).await.map_err(|_| EmbeddedError::DoesNotStop { pid })?;
                return Err(too_slow);
            }
            sleep(POLL).await;
        }
        tracing::info!(server = self.kind.program, pid, port = self.port, "server is ready");
        self.process = Some(process);
        Ok(())
    }

    async fn is_ready(&self, pid: u32) -> bool {
        let (ask, home, port) = (self.kind.is_ready, self.home.path().to_path_buf(), self.port);
        // A server that is loading may keep us waiting, which others on the runtime must not.
        tokio::task::spawn_blocking(move || ask(&home, port, pid)).await.unwrap_or(false)
    }

    fn why_it_died(&self) -> EmbeddedError {
        let last_lines = self.home.last_lines();
        if last_lines.contains("Address already in use") {
            return port::taken_error(self.port);
        }
        EmbeddedError::died(self.kind.program, self.home.path(), self.home.log_path(), last_lines)
    }

    fn too_slow(&self) -> EmbeddedError {
        EmbeddedError::TooSlow {
            program: self.kind.program,
            seconds: START_MAX.as_secs(),
            log: self.home.log_path(),
            last_lines: self.home.last_lines(),
        }
    }
}
