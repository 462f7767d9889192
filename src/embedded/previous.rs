//! A server that an earlier run left behind on the same data.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::{Instant, sleep};

use super::error::EmbeddedError;
use super::process::{POLL, STOP_GRACE_SECONDS};

/// How long a server whose owner is gone may take to stop by itself: its lifeline is cut.
const LEAVING: Duration = Duration::from_secs(5);

/// Who has the number in a pid file by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// The server that wrote it.
    Server,
    /// A process that has ended, but whose parent has not taken note of it yet.
    Remains,
    /// Some other process.
    Stranger,
    /// Nobody.
    Nobody,
}

/// Sees to it that the server named in `pid_file`, if it works in `data_dir`, is gone. The caller
/// holds the directory's lock, so that server has no owner any more.
pub(super) async fn end(
    pid_file: &Path,
    data_dir: &Path,
    stop_signal: &str,
) -> Result<(), EmbeddedError> {
    let Some(pid) = read_pid(pid_file) else {
        return Ok(());
    };
    let mut holder = holder(pid, data_dir);
    if matches!(holder, Holder::Server | Holder::Remains) {
        tracing::info!(pid, data = %data_dir.display(), "waiting for the server of an earlier run");
        holder = wait_while_there(pid, data_dir, LEAVING).await;
    }
    if holder == Holder::Server {
        signal(pid, stop_signal).await?;
        let patience = Duration::from_secs(STOP_GRACE_SECONDS);
        holder = wait_while_there(pid, data_dir, patience).await;
    }
    match holder {
        Holder::Server => Err(EmbeddedError::DoesNotStop { pid }),
        // PostgreSQL takes any process of its own user for the server, even one that has ended
        // in a container where nobody collects the dead, and would refuse to start for ever.
        Holder::Remains | Holder::Stranger => match fs::remove_file(pid_file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(EmbeddedError::directory(pid_file, error))
            }
            _ => Ok(()),
        },
        // PostgreSQL wants to see the file: by it, it also finds orphaned backends.
        Holder::Nobody => Ok(()),
    }
}

/// The first line of a pid file.
pub(super) fn read_pid(pid_file: &Path) -> Option<u32> {
    fs::read_to_string(pid_file).ok()?.lines().next()?.trim().parse().ok()
}

/// Both servers make their data directory their working directory.
fn holder(pid: u32, data_dir: &Path) -> Holder {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return Holder::Nobody;
    };
    // "1234 (name) Z …", where the name may hold anything.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    if matches!(state, Some('Z' | 'X')) {
        return Holder::Remains;
    }
    match fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(cwd) if cwd == data_dir => Holder::Server,
        // On its way out it has no working directory any more.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Holder::Remains,
        // What we may not look at belongs to a user who has no business in our data.
        Ok(_) | Err(_) => Holder::Stranger,
    }
}

async fn wait_while_there(pid: u32, data_dir: &Path, patience: Duration) -> Holder {
    let deadline = Instant::now() + patience;
    loop {
        let holder = holder(pid, data_dir);
        let is_there = matches!(holder, Holder::Server | Holder::Remains);
        if !is_there || Instant::now() > deadline {
            return holder;
        }
        sleep(POLL).await;
    }
}

/// Sends a signal by its name.
pub(super) async fn signal(pid: u32, signal: &str) -> Result<(), EmbeddedError> {
    // The shell's own `kill`: the crate has no unsafe code, and procps may not be installed.
    let command = r#"kill -s "$1" "$2""#;
    let status = Command::new("/bin/sh")
        .args(["-c", command, "frontrow-kill", signal, &pid.to_string()])
        .status()
        .await;
    status.map(|_| ()).map_err(|source| EmbeddedError::Process { program: "sh".into(), source })
}
