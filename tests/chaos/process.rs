//! Processes that are stopped, paused and killed: instances of the service, and servers.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};

/// Where a library is that makes a process believe in another time; none if it is not installed.
pub fn false_clock() -> Option<PathBuf> {
    let found = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut candidates = found.map(|dir| dir.join("faketime/libfaketimeMT.so.1"));
    candidates.find(|path| path.exists())
}

/// One `frontrow serve`.
pub struct Instance {
    pub address: SocketAddr,
    arguments: Vec<String>,
    /// What it says goes here, one life after the other.
    log: PathBuf,
    /// The file with what its clock is wrong by.
    clock: PathBuf,
    process: Option<Child>,
}

impl Instance {
    /// One that is not started yet, on these stores.
    pub fn new(directory: &Path, number: usize, redis: &str, database: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port(number)));
        let arguments = [
            "serve".to_owned(),
            format!("--redis-url={redis}"),
            format!("--database-url={database}"),
            format!("--listen={address}"),
            "--metrics-listen=127.0.0.1:0".to_owned(),
            // Small, so that a crowd can exhaust them.
            "--redis-pool-size=4".to_owned(),
            "--database-pool-size=8".to_owned(),
        ];
        let clock = directory.join(format!("clock-{number}"));
        fs::write(&clock, "+0").unwrap();
        let log = directory.join(format!("frontrow-{number}.log"));
        Self { address, arguments: arguments.into(), log, clock, process: None }
    }

    pub fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(&self.arguments).env_clear().env("PATH", path).kill_on_drop(true);
        if let Some(library) = false_clock() {
            command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", &self.clock);
            // Timeouts go by the other clock, which no one can set.
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("FAKETIME_CACHE_DURATION", "1");
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(command.spawn().unwrap());
    }

    /// Sets its wall clock wrong by this, such as `-3600`.
    pub fn set_clock(&self, seconds: &str) {
        fs::write(&self.clock, seconds).unwrap();
    }

    pub async fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.unwrap();
        }
    }

    /// Starts it again if it has ended by itself, as whoever supervises it would: it ends when
    /// PostgreSQL is away while it starts.
    pub fn keep_up(&mut self) {
        let process = self.process.as_mut();
        if process.is_some_and(|process| process.try_wait().unwrap().is_some()) {
            self.start();
        }
    }

    /// The last that it said.
    pub fn last_lines(&self) -> String {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = said.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// The first panic that it told of.
    pub fn panic(&self) -> Option<String> {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        said.lines().find(|line| line.contains("panic")).map(str::to_owned)
    }

    pub fn signal(&self, name: &str) {
        if let Some(pid) = self.process.as_ref().and_then(Child::id) {
            signal(name, &[pid]);
        }
    }
}

/// A port to listen on in all its lives: none of those that outgoing connections are given, which could
/// have it when it comes back.
fn free_port(number: usize) -> u16 {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    // Every second one: the others have not begun to listen yet.
    let first = 15_000 + (std::process::id() % 8_000) as u16 * 2 + number as u16;
    (first..32_000).step_by(2).find(is_free).unwrap()
}

/// Sends a signal to processes, of which some may have ended meanwhile.
pub fn signal(name: &str, pids: &[u32]) {
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", r#"kill -s "$0" -- "$@" 2>/dev/null"#, name]);
    command.args(pids.iter().map(ToString::to_string));
    let _ = command.status().unwrap();
}

/// Waits until a process that was told to stands still, and nothing goes on in its name.
pub async fn until_stopped(pid: u32) {
    while stat(pid, 0).is_none_or(|state| state != "T") {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

/// A field of what the system says of a process: its state, its parent.
fn stat(pid: u32, field: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything; the fields after it are plain.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(field).map(str::to_owned)
}

/// A process and its children.
pub fn with_children(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if stat(child, 1).is_some_and(|parent| parent == pid.to_string()) {
            pids.push(child);
        }
    }
    pids
}
