//! Servers end when their owner does, however it ends, and the next owner finds their data.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use frontrow::embedded::{PostgresOptions, PostgresServer, RedisOptions, RedisServer};

use super::{
    eventually, gone, is_alive, parent, postgres_get, postgres_set, process_group, redis_get,
    redis_set, signal, temp_dir,
};

const DIRECTORY: &str = "FRONTROW_TEST_OWNER_DIRECTORY";

/// Another process that owns two servers. Killed when dropped.
struct Owner {
    process: Child,
    redis_pid: u32,
    postgres_pid: u32,
}

impl Owner {
    fn start(dir: &Path) -> Self {
        let mut process = owner(dir).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.map(Result::unwrap).find(|line| line.contains("pids ")).unwrap();
        let (_, pids) = line.split_once("pids ").unwrap();
        let (redis_pid, postgres_pid) = pids.split_once(' ').unwrap();
        let (redis_pid, postgres_pid) = (redis_pid.parse().unwrap(), postgres_pid.parse().unwrap());
        Self { process, redis_pid, postgres_pid }
    }

    /// SIGKILL: it gets no chance to clean up.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// This very test binary, made to run only the "test" below.
fn owner(dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["embedded::lifeline::owner_process", "--exact", "--nocapture"]);
    command.env(DIRECTORY, dir).stdin(Stdio::piped());
    command
}

/// The process that other tests start and kill. Among them, where nobody tells it a directory, it
/// does nothing.
#[tokio::test]
async fn owner_process() {
    let Some(dir) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let (redis, postgres) = start(Path::new(&dir)).await;
    redis_set(&redis, 7).await;
    postgres_set(&postgres.url("postgres"), 7).await;
    println!("pids {} {}", redis.pid().unwrap(), postgres.pid().unwrap());
    // Until it is killed, or the test that would have done so is gone itself.
    let _ = std::io::stdin().read_line(&mut String::new());
}

async fn start(dir: &Path) -> (RedisServer, PostgresServer) {
    let redis_dir = dir.join("redis");
    let postgres_dir = dir.join("postgres");
    tokio::try_join!(
        RedisServer::start(RedisOptions::new(&redis_dir)),
        PostgresServer::start(PostgresOptions::new(&postgres_dir)),
    )
    .unwrap()
}

async fn finds_the_data(dir: &Path) {
    let (redis, postgres) = start(dir).await;
    assert_eq!(redis_get(&redis).await, Some(7));
    assert_eq!(postgres_get(&postgres.url("postgres")).await, 7);
    redis.stop().await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn servers_of_a_killed_owner_stop_by_themselves() {
    let dir = temp_dir();
    let mut owner = Owner::start(dir.path());
    owner.kill();
    gone(&[owner.redis_pid, owner.postgres_pid]).await;
    assert!(!dir.path().join("postgres/cluster/postmaster.pid").exists(), "it stopped cleanly");
    finds_the_data(dir.path()).await;
}

#[tokio::test]
async fn the_next_owner_does_not_have_to_wait_for_that() {
    let dir = temp_dir();
    let mut owner = Owner::start(dir.path());
    owner.kill();
    finds_the_data(dir.path()).await;
    assert!(!is_alive(owner.redis_pid) && !is_alive(owner.postgres_pid));
}

#[tokio::test]
async fn data_survives_when_everything_is_killed_at_once() {
    let dir = temp_dir();
    let mut owner = Owner::start(dir.path());
    for pid in [owner.redis_pid, owner.postgres_pid] {
        // The supervisor's whole group: it, its watcher, and the server.
        signal("KILL", &format!("-{}", process_group(pid)));
    }
    owner.kill();
    finds_the_data(dir.path()).await;
}

#[tokio::test]
async fn a_server_that_lost_its_supervisor_is_stopped_by_the_next_owner() {
    let dir = temp_dir();
    let mut owner = Owner::start(dir.path());
    let servers = [owner.redis_pid, owner.postgres_pid];
    for pid in servers {
        let supervisor = parent(pid);
        for watcher in children(supervisor).into_iter().filter(|child| *child != pid) {
            signal("KILL", &watcher.to_string());
        }
        signal("KILL", &supervisor.to_string());
    }
    owner.kill();
    assert!(servers.iter().all(|pid| is_alive(*pid)), "nothing stops them now");
    finds_the_data(dir.path()).await;
    assert!(!servers.iter().any(|pid| is_alive(*pid)));
}

#[tokio::test]
async fn an_owner_killed_in_the_middle_of_a_start_leaves_nothing_that_runs_or_disturbs() {
    let dir = temp_dir();
    // From before there is anything, through making the cluster, to servers that just started.
    for milliseconds in [10, 20, 40, 80, 160, 320, 640, 700, 760, 1280] {
        let mut process = owner(dir.path()).stdout(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        process.kill().unwrap();
        process.wait().unwrap();
    }
    let name = dir.path().to_str().unwrap();
    eventually("no process works for the owners", async || !has_process_about(name)).await;
    let (redis, postgres) = start(dir.path()).await;
    redis.stop().await.unwrap();
    postgres.stop().await.unwrap();
}

/// Whether a command line names this directory.
fn has_process_about(name: &str) -> bool {
    std::fs::read_dir("/proc").unwrap().flatten().any(|process| {
        let command_line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command_line).contains(name)
    })
}

#[tokio::test]
async fn a_ctrl_c_in_the_terminal_does_not_reach_the_servers() {
    let dir = temp_dir();
    let server = RedisServer::start(RedisOptions::new(dir.path())).await.unwrap();
    assert_ne!(process_group(server.pid().unwrap()), process_group(std::process::id()));
    server.stop().await.unwrap();
}

fn children(pid: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    // Processes come and go while this looks.
    let has_parent = |child: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| {
            rest.split_whitespace().nth(1) == Some(pid.to_string().as_str())
        })
    };
    pids.filter(has_parent).collect()
}
