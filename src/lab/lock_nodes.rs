//! Independent Redis nodes for locks, and what can happen to one of them.

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::embedded::{Persistence, RedisOptions, RedisServer};

/// What happens to a lock node in the middle of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// It is killed, and connections to it are refused
    Killed,
    /// It is stopped (SIGSTOP): it takes what it is sent and answers nothing
    Paused,
}

/// The nodes. They keep nothing on disk: a node that comes back has forgotten its locks, which the
/// fence has to make harmless.
#[derive(Default)]
pub(super) struct LockNodes {
    nodes: Vec<RedisServer>,
    struck: Option<Fault>,
}

impl LockNodes {
    /// Starts `count` nodes in directories whose names begin with `prefix`.
    pub(super) async fn start(count: u16, prefix: &Path) -> Result<Self> {
        let mut nodes = Vec::new();
        for number in 1..=count {
            let data_dir = prefix.with_extension(format!("lock-{number}"));
            let options = RedisOptions {
                persistence: Persistence::None,
                remove_at_end: true,
                ..RedisOptions::new(&data_dir)
            };
            nodes.push(RedisServer::start(options).await?);
        }
        Ok(Self { nodes, struck: None })
    }

    /// Where they are.
    pub(super) fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.url(0)).collect()
    }

    /// Strikes the last of them.
    pub(super) async fn strike(&mut self, fault: Fault) -> Result<()> {
        let last = self.nodes.last_mut().context("there is no lock node")?;
        self.struck = Some(fault);
        match fault {
            Fault::Killed => last.kill().await?,
            Fault::Paused => last.pause().await?,
        }
        Ok(())
    }

    /// Brings the one that was struck back.
    pub(super) async fn heal(&mut self) -> Result<()> {
        let Some(last) = self.nodes.last_mut() else {
            return Ok(());
        };
        match self.struck.take() {
            Some(Fault::Killed) => last.restart().await?,
            Some(Fault::Paused) => last.resume().await?,
            None => {}
        }
        Ok(())
    }

    /// Stops them all.
    pub(super) async fn stop(mut self) -> Result<()> {
        // One that is paused would not hear of it.
        let mut stopped = self.heal().await;
        for node in self.nodes {
            stopped = stopped.and(node.stop().await.map_err(Into::into));
        }
        stopped
    }
}
