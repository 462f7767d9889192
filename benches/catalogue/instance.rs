//! `frontrow serve` as a process of its own, with settings of the measurement's, and what it counted.

use std::process::Stdio;

use frontrow::embedded::DevStack;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::support::wire::Connection;

/// A running instance. Dropping it ends it.
pub struct Instance {
    pub address: String,
    metrics: String,
    _child: Child,
}

impl Instance {
    pub async fn start(stack: &DevStack, settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_frontrow"))
            .args(["serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"])
            .env("REDIS_URL", stack.redis_url())
            .env("DATABASE_URL", stack.database_url())
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let addresses = loop {
            let line = lines.next_line().await.unwrap().expect("the instance ended at its start");
            if let Some((_, addresses)) = line.split_once("serving http://") {
                break addresses.to_owned();
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (address, rest) = addresses.split_once(';').unwrap();
        let (_, metrics) = rest.split_once("http://").unwrap();
        let metrics = metrics.split_once('/').unwrap().0.to_owned();
        let instance = Self { address: address.to_owned(), metrics, _child: child };
        instance.until_ready().await;
        instance
    }

    async fn until_ready(&self) {
        let mut connection = Connection::open(&self.address).await.unwrap();
        while connection.call("GET /readyz", "-", "-", "").await.unwrap().status != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Answers that it made of the stores so far.
    pub async fn made(&self) -> u64 {
        let mut connection = Connection::open(&self.metrics).await.unwrap();
        let answer = connection.call("GET /metrics", "-", "-", "").await.unwrap();
        let text = std::str::from_utf8(answer.body).unwrap();
        let line = text.lines().find(|line| {
            line.starts_with("frontrow_cache_answers_total") && line.contains("from=\"made\"")
        });
        line.map_or(0, |line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
    }
}
