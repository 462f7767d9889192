//! One sale: everybody comes, everybody is answered, and what they were told is held against who has
//! a seat.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::report::{Latencies, Measurement};
use super::{Answer, Buyer, Name, Servers, Strategy, Workload};

/// One in how many buyers was answered when a fault strikes.
const STRIKE_AFTER: u32 = 10;

/// What the buyers were told.
struct Told {
    /// Those who were told that they have a seat.
    yes: BTreeSet<i32>,
    latencies: Histogram<u64>,
    wall: Duration,
}

impl Servers {
    /// Sells a house in one way.
    pub(super) async fn run<S: Strategy>(
        &mut self,
        name: Name,
        workload: &Workload,
        answered: impl Fn(),
    ) -> Result<Measurement> {
        let stage = self.stage(workload).await?;
        let strategy = Arc::new(S::prepare(&stage).await?);
        let (statements, commands) = (stage.tally.statements(), stage.tally.commands());
        let told = self.answer_all::<S>(&strategy, workload, answered).await?;
        let per_booking = |count: u64| count as f64 / f64::from(workload.users);
        let statements = per_booking(stage.tally.statements() - statements);
        let commands = per_booking(stage.tally.commands() - commands);
        strategy.settle().await?;
        let owners = strategy.owners().await?;
        let remark = strategy.remark();
        if let Some(strategy) = Arc::into_inner(strategy) {
            strategy.finish().await?;
        }
        self.lock_nodes.heal().await?;
        self.clear(stage).await?;

        check_owners(&told.yes, &owners)?;
        let calls_ok = u32::try_from(told.yes.len())?;
        let seats_claimed = u32::try_from(owners.len())?;
        let somebody_was_turned_away = calls_ok < workload.users;
        let left = workload.seats - seats_claimed;
        Ok(Measurement {
            strategy: name,
            seats: workload.seats,
            users: workload.users,
            spread_ms: u64::try_from(workload.spread.as_millis())?,
            calls_ok,
            seats_claimed,
            double_booked: i64::from(calls_ok) - i64::from(seats_claimed),
            unsold: if somebody_was_turned_away { left } else { 0 },
            latencies: Latencies::new(told.wall, &told.latencies),
            statements,
            commands,
            remark,
        })
    }

    /// Lets everybody in and answers them.
    async fn answer_all<S: Strategy>(
        &mut self,
        strategy: &Arc<S>,
        workload: &Workload,
        answered: impl Fn(),
    ) -> Result<Told> {
        let mut buyers = JoinSet::new();
        let opened = Instant::now();
        for id in 1..=workload.users.cast_signed() {
            let strategy = Arc::clone(strategy);
            let mut buyer = Buyer::new(workload.seed, id);
            let delay = buyer.delay(workload.spread);
            buyers.spawn(async move {
                sleep(delay).await;
                let came = Instant::now();
                let answer = strategy.book(&mut buyer).await;
                (buyer.id, answer, came.elapsed())
            });
        }
        let mut yes = BTreeSet::new();
        let mut latencies = Histogram::new(3)?;
        while let Some(joined) = buyers.join_next().await {
            let (id, answer, latency) = joined?;
            if answer? == Answer::Yes {
                yes.insert(id);
            }
            latencies.record(u64::try_from(latency.as_micros())?)?;
            answered();
            if let Some(fault) = workload.fault
                && latencies.len() == u64::from(workload.users.div_ceil(STRIKE_AFTER))
            {
                self.lock_nodes.strike(fault).await?;
            }
        }
        Ok(Told { yes, latencies, wall: opened.elapsed() })
    }
}

/// Whoever has a seat was told so, and has no second one. (That those who were told have one is what
/// the measurement is about.)
fn check_owners(yes: &BTreeSet<i32>, owners: &[i32]) -> Result<()> {
    let distinct: BTreeSet<i32> = owners.iter().copied().collect();
    ensure!(distinct.len() == owners.len(), "somebody has two seats and wanted one");
    let unasked: Vec<_> = distinct.difference(yes).collect();
    ensure!(unasked.is_empty(), "these have a seat and were turned away: {unasked:?}");
    Ok(())
}
