//! `frontrow lab` itself: the sales.

use std::time::Duration;

use anyhow::bail;
use clap::{Args, ValueEnum as _};
use indicatif::{ProgressBar, ProgressStyle};

use super::Common;
use crate::cli::print::print;
use crate::lab::{Fault, Measurement, Name, Servers, Workload, json, table};

/// Seats and users that fit into the lab.
const PEOPLE_MAX: i64 = 100_000;
/// The longest time within which people may come.
const SPREAD_MS_MAX: u64 = 600_000;

/// Sell one house in every way there is to book a seat, and show how each went
#[derive(Args, Debug)]
pub(super) struct Sales {
    /// Seats in the house
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=PEOPLE_MAX))]
    seats: u32,
    /// People who want one seat each
    #[arg(long, default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(1..=PEOPLE_MAX))]
    users: u32,
    /// The time within which they come, in ms; 0: all at once
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=SPREAD_MS_MAX))]
    spread_ms: u64,
    /// The ways to book; all if none is named
    #[arg(long, value_name = "NAME", num_args = 1.., value_enum)]
    strategy: Vec<Name>,
    /// How often to sell the house in each way
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    repeat: u32,
    /// What everything random follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Connections to PostgreSQL, which all buyers share
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=100))]
    connections: u32,
    /// Private lock nodes for redlock
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=9))]
    lock_nodes: u16,
    /// What happens to one lock node when a tenth of the buyers were answered
    #[arg(long, value_name = "FAULT", value_enum)]
    lock_node: Option<Fault>,
    /// How many holders of a redlock are stopped until it is over, just before they write
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    stalled_holders: u32,
    #[command(flatten)]
    common: Common,
}

impl Sales {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let names = match self.strategy.as_slice() {
            [] => Name::value_variants(),
            named => named,
        };
        let locks = names.contains(&Name::Redlock);
        if !locks && (self.lock_node.is_some() || self.stalled_holders > 0) {
            bail!(
                "--lock-node and --stalled-holders are about redlock, which is not among the ways"
            );
        }
        let workload = self.workload();
        let lock_nodes = if locks { self.lock_nodes } else { 0 };
        let sell = async |servers: &mut Servers| self.sell(servers, names, &workload).await;
        let measurements = self.common.measure(lock_nodes, sell).await?;
        match self.common.json {
            true => print(&json(&measurements)?)?,
            false => print(&format!("{}\n\n{}", table(&measurements), self.heading()))?,
        }
        match measurements.iter().find_map(Measurement::broken_promise) {
            Some(broken) => bail!("{broken}"),
            None => Ok(()),
        }
    }

    async fn sell(
        &self,
        servers: &mut Servers,
        names: &[Name],
        workload: &Workload,
    ) -> anyhow::Result<Vec<Measurement>> {
        let mut measurements = Vec::new();
        for name in names {
            for _ in 0..self.repeat {
                let progress = progress(*name, workload.users)?;
                let measured = servers.sell(*name, workload, || progress.inc(1)).await;
                progress.finish_and_clear();
                measurements.push(measured?);
            }
        }
        Ok(measurements)
    }

    fn workload(&self) -> Workload {
        Workload {
            seats: self.seats,
            users: self.users,
            spread: Duration::from_millis(self.spread_ms),
            seed: self.seed,
            connections: self.connections,
            fault: self.lock_node,
            stalled_holders: self.stalled_holders,
        }
    }

    /// What the table is of.
    fn heading(&self) -> String {
        let Self { seats, users, spread_ms, seed, connections, .. } = self;
        let when = match spread_ms {
            0 => "all at once".to_owned(),
            spread_ms => format!("within {spread_ms} ms"),
        };
        format!(
            "{users} people for {seats} seats, {when}; {connections} connections; seed {seed}. \
             \"SQL each\" and \"Redis each\" are what a booking sends."
        )
    }
}

/// A bar on the terminal, if standard error is one.
fn progress(name: Name, users: u32) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{prefix:24} {wide_bar} {pos:>6}/{len} {elapsed:>4}")?;
    let bar = ProgressBar::new(u64::from(users)).with_style(style);
    bar.set_prefix(name.to_string());
    Ok(bar)
}
