//! The service as a process of its own, with every setting as shipped but for those that a measurement
//! sets.

use std::process::Stdio;
use std::time::Duration;

use frontrow::embedded::DevStack;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::sleep;

use super::wire::Connection;

/// A running `frontrow serve`. Dropping it ends it.
pub struct Service {
    pub address: String,
    pub metrics: String,
    pub id: u32,
    _child: Child,
}

impl Service {
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
            let line = lines.next_line().await.unwrap().expect("the service ended at its start");
            if let Some((_, addresses)) = line.split_once("serving http://") {
                break addresses.to_owned();
            }
        };
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                eprintln!("{line}");
            }
        });
        let (address, metrics) = addresses.split_once(';').unwrap();
        let (_, metrics) = metrics.split_once("http://").unwrap();
        let (metrics, _) = metrics.split_once('/').unwrap();
        let (address, metrics) = (address.to_owned(), metrics.to_owned());
        let service = Self { address, metrics, id: child.id().unwrap(), _child: child };
        service.until_ready().await;
        service
    }

    async fn until_ready(&self) {
        let mut connection = Connection::open(&self.address).await.unwrap();
        while connection.call("GET /readyz", "-", "-", "").await.unwrap().status != 200 {
            sleep(Duration::from_millis(20)).await;
        }
    }
}
