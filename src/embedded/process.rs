//! One server process under its supervisor, which stops it when this process ends.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::account::Account;

/// How long a server may take to stop cleanly before it is killed.
pub(super) const STOP_GRACE_SECONDS: u64 = 30;
/// How much longer than that we wait for its supervisor.
const SUPERVISOR_MARGIN: Duration = Duration::from_secs(5);
/// How often a process is looked at while we wait for it.
pub(super) const POLL: Duration = Duration::from_millis(10);

/// What to run, and how to end it.
pub(super) struct Launch {
    /// The server's executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// The user to run it as, when that is not ourselves.
    pub account: Option<Account>,
    /// The signal that stops it cleanly, by name.
    pub stop_signal: &'static str,
    /// Where its output goes.
    pub log: File,
    /// A directory to remove once its owner is done with it.
    pub remove: Option<PathBuf>,
}

/// How a server is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Cleanly and for good: what was to be removed is removed.
    Final,
    /// Cleanly, to be started again.
    Stop,
    /// At once, as a crash would.
    Kill,
}

/// A running server. Dropping it cuts the lifeline, so the server stops soon after.
#[derive(Debug)]
pub(super) struct Supervised {
    /// The `sh` that is the server's parent.
    supervisor: Child,
    /// Its standard input; closing it is the order to stop.
    lifeline: Option<ChildStdin>,
    /// The server itself.
    pid: u32,
}

impl Supervised {
    /// Starts the server. It may still fail to come up: watch [`Supervised::has_ended`].
    pub async fn spawn(launch: Launch) -> io::Result<Self> {
        // The supervisor's answer is read from a plain pipe, as nothing of tokio's may be kept.
        tokio::task::spawn_blocking(move || spawn_blocking(launch))
            .await
            .map_err(io::Error::other)?
    }

    /// The pid of the server (not of its supervisor).
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether the server has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.supervisor.try_wait(), Ok(None))
    }

    /// Waits, however long, until the program ends by itself.
    pub async fn outcome(&mut self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.supervisor.try_wait()? {
                return Ok(status);
            }
            sleep(POLL).await;
        }
    }

    /// Ends the server and waits until it is gone.
    pub async fn end(mut self, ending: Ending) -> io::Result<()> {
        let order: &[u8] = match ending {
            Ending::Final => b"",
            Ending::Stop => b"stop\n",
            Ending::Kill => b"kill\n",
        };
        if let Some(mut lifeline) = self.lifeline.take() {
            // A server that has ended already took its supervisor with it: nothing to tell.
            let _ = lifeline.write_all(order);
        }
        let deadline = Instant::now() + Duration::from_secs(STOP_GRACE_SECONDS) + SUPERVISOR_MARGIN;
        while !self.has_ended() {
            if Instant::now() > deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
            sleep(POLL).await;
        }
        Ok(())
    }
}

fn spawn_blocking(launch: Launch) -> io::Result<Supervised> {
    let mut command = Command::new("/bin/sh");
    command
        // In the environment rather than an argument, which every `ps` would show in full.
        .args(["-c", r#"eval "$FRONTROW_SUPERVISE""#, "frontrow-supervise"])
        .env("FRONTROW_SUPERVISE", include_str!("supervise.sh"))
        .arg(launch.stop_signal)
        .arg(STOP_GRACE_SECONDS.to_string())
        .arg(launch.remove.unwrap_or_default())
        .arg(launch.program)
        .args(launch.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(launch.log)
        // A Ctrl-C in the terminal goes to the whole foreground group; servers must not be in
        // it, since we decide the order in which things stop.
        .process_group(0);
    prepare(&mut command, launch.account.as_ref());
    let mut supervisor = command.spawn()?;
    let lifeline = supervisor.stdin.take();
    let mut answer = String::new();
    if let Some(stdout) = supervisor.stdout.take() {
        BufReader::new(stdout).read_line(&mut answer)?;
    }
    let pid = answer
        .trim()
        .parse()
        .map_err(|_| io::Error::other(format!("the supervisor said '{}'", answer.trim())))?;
    Ok(Supervised { supervisor, lifeline, pid })
}

/// What every child of ours has in common, short-lived ones included.
pub(super) fn prepare(command: &mut Command, account: Option<&Account>) {
    // The account may not be able to enter our own working directory.
    command.current_dir("/");
    // PGDATA, PGPORT, PGOPTIONS and their like are the developer's, for another server.
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C");
    if let Some(account) = account {
        // With `uid` the standard library also gives up root's supplementary groups.
        command.uid(account.uid).gid(account.gid);
    }
}
