//! Faults under load, over real processes: round after round, something of the service or its stores is
//! killed, paused, cut off or filled up while people buy. Afterwards everything has to come back, every
//! request's outcome has to be found out, and what was told has to be true.
//!
//! `cargo test` leaves it out: `make chaos` runs all of it, `make test` a short part.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the line it was on")]

mod crowd;
mod disk;
mod fault;
mod house;
mod process;
mod proxy;
mod report;
mod round;
mod scenarios;
mod stage;
mod verdict;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;

use frontrow::rush::Chance;
use report::Report;
use round::Rounds;
use stage::Stage;

/// Break the service in every way, under load, and see whether it keeps its promises
#[derive(Parser)]
struct Arguments {
    /// How many rounds
    #[arg(long, default_value_t = 100)]
    rounds: u32,
    /// Begin no further round after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// Leave out the outages that are long and measured
    #[arg(long)]
    short: bool,
    /// Only the faults whose names contain this
    #[arg(long, default_value = "")]
    only: String,
    /// What everything random follows from; drawn if it is not given
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    // Dropped, everything that was started ends, and what was mounted is taken away.
    tokio::select! {
        is_clean = run(Arguments::parse()) => {
            if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ = tokio::signal::ctrl_c() => ExitCode::FAILURE,
    }
}

/// Whether nothing was found.
async fn run(arguments: Arguments) -> bool {
    let seed = arguments.seed.unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1);
    println!("seed {seed}");
    let stage = Arc::new(Stage::start().await);
    let mut report = Report::new();
    let mut rounds = Rounds::new(Arc::clone(&stage), Chance::new(seed), &arguments.only);
    let began = Instant::now();
    let time = arguments.seconds.map_or(Duration::MAX, Duration::from_secs);
    while report.rounds < arguments.rounds && began.elapsed() < time {
        rounds.run(&mut report).await;
        if !report.is_clean {
            break;
        }
    }
    rounds.finish(&mut report).await;
    if report.is_clean && !arguments.short {
        scenarios::run(&stage, &mut report).await;
    }
    report.print();
    println!("seed {seed}, {} s", began.elapsed().as_secs());
    let stage = Arc::into_inner(stage).expect("everybody has left the stage");
    stage.stop(report.is_clean).await;
    report.is_clean
}
