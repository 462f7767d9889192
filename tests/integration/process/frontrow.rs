//! A running `frontrow`.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::embedded::signal;
use crate::support::service::Person;

/// How long a start or an end may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process, which is killed when this is dropped.
pub struct Frontrow {
    process: Child,
    said: Arc<Mutex<String>>,
    listening: JoinHandle<()>,
}

impl Frontrow {
    /// Starts it with these arguments, and an environment that tells it nothing.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(arguments).env_clear().env("PATH", path).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let listening = tokio::spawn(listen(process.stderr.take().unwrap(), said.clone()));
        Self { process, said, listening }
    }

    /// `frontrow serve` on these stores, on ports that the system chooses.
    pub fn serve(redis: &str, database: &str) -> Self {
        let [redis, database] =
            [format!("--redis-url={redis}"), format!("--database-url={database}")];
        let ports = ["--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"];
        Self::start(&["serve", &redis, &database, ports[0], ports[1]])
    }

    /// Everything that it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Where it listens, once it does.
    pub async fn address(&mut self) -> String {
        for _ in 0..PATIENCE.as_millis() / 20 {
            let said = self.said();
            if let Some((_, after)) = said.split_once("serving http://") {
                return after.split(';').next().unwrap().to_owned();
            }
            assert!(self.process.try_wait().unwrap().is_none(), "it ended: {said}");
            sleep(Duration::from_millis(20)).await;
        }
        panic!("it does not serve: {}", self.said());
    }

    /// Its URL, once claims go through.
    pub async fn ready(&mut self) -> String {
        let url = format!("http://{}", self.address().await);
        for _ in 0..PATIENCE.as_millis() / 20 {
            if get(&format!("{url}/readyz")).await.status() == 200 {
                return url;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("it is not ready: {}", self.said());
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        signal(name, &self.process.id().unwrap().to_string());
    }

    /// Waits for it to end by itself.
    pub async fn end(&mut self) -> ExitStatus {
        let ended = timeout(PATIENCE, self.process.wait()).await;
        let ended = ended.unwrap_or_else(|_| panic!("it does not end: {}", self.said()));
        // What it wrote last may arrive after its end; who it left behind may hold the pipe open.
        let _ = timeout(Duration::from_secs(2), &mut self.listening).await;
        ended.unwrap()
    }

    /// The one line that it ends with when it cannot do what it should.
    pub async fn refusal(mut self) -> String {
        let status = self.end().await;
        assert_eq!(status.code(), Some(1), "{}", self.said());
        let said = self.said();
        let line = said.strip_prefix("frontrow: ").unwrap_or_else(|| panic!("{said:?}"));
        let line = line.strip_suffix('\n').unwrap_or_else(|| panic!("{said:?}"));
        assert!(!line.contains('\n'), "{said}");
        line.to_owned()
    }
}

async fn listen(stderr: ChildStderr, said: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let mut said = said.lock().unwrap();
        said.push_str(&line);
        said.push('\n');
    }
}

pub async fn get(url: &str) -> Response {
    reqwest::get(url).await.unwrap()
}

/// Somebody new, as a client of this address.
pub async fn person(url: &str) -> Person {
    let client = Client::new();
    let session = client.post(format!("{url}/v1/sessions")).send().await.unwrap();
    let session: Value = session.json().await.unwrap();
    Person::new(client, url, session["token"].as_str().unwrap())
}
