//! The service as a process of its own, with every setting as shipped.

use std::process::Stdio;

use frontrow::embedded::DevStack;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running `frontrow serve`. Dropping it ends it.
pub struct Service {
    pub address: String,
    pub id: u32,
    _child: Child,
}

impl Service {
    pub async fn start(stack: &DevStack) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_frontrow"))
            .args(["serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"])
            .env("REDIS_URL", stack.redis_url())
            .env("DATABASE_URL", stack.database_url())
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
        let (address, _) = addresses.split_once(';').unwrap();
        let id = child.id().unwrap();
        Self { address: address.to_owned(), id, _child: child }
    }
}
