//! `frontrow rush`

mod stack;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::sleep;

use super::print::print;
use super::serve::stop_on_signals;
use crate::rush::crowd::{Arrivals, Crowd, Progress, Seen, Waiting};
use crate::rush::report::{self, Report, Verdict};
use stack::Stack;

/// What a broken promise ends with.
const BROKEN_PROMISE: u8 = 1;
/// How often it is told how far the crowd is.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// Let a crowd come to a concert, check every answer, and report how it went; ends with 1 when a promise
/// was broken
#[derive(Args, Debug)]
pub(super) struct Rush {
    /// Seats in the house
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    seats: u32,
    /// People who come
    #[arg(long, default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    people: u32,
    /// When they come
    #[arg(long, default_value = "burst", value_enum)]
    arrivals: Shape,
    /// With `--arrivals recorded`: a file with a number of people a line, for equal stretches of time
    #[arg(long, value_name = "FILE", required_if_eq("arrivals", "recorded"))]
    curve: Option<PathBuf>,
    /// Within how many seconds they come
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// How long holds last; what nobody buys is sold to others after that
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(5..=3_600))]
    hold_seconds: u32,
    /// What everything random follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Where to write `rush.svg` and `rush.hlog`
    #[arg(long, value_name = "DIRECTORY", default_value = ".frontrow/rush")]
    out: PathBuf,
}

/// The shape of the crowd in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// Most come at once, and fewer and fewer after them
    Burst,
    /// More and more come
    Ramp,
    /// As in the file that `--curve` names
    Recorded,
}

impl Rush {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let crowd = self.crowd()?;
        eprintln!("frontrow: {} people for {} seats, seed {}", self.people, self.seats, self.seed);
        let stop = stop_on_signals()?;
        let stack = Stack::start(self.seats, self.hold_seconds).await?;
        let rushed = stop.run_until_cancelled(self.rush(&stack, &crowd)).await;
        let stopped = stack.stop().await;
        let Some(report) = rushed else {
            bail!("interrupted");
        };
        let report = report?;
        stopped?;
        match self.json {
            true => print(&serde_json::to_string_pretty(&report)?)?,
            false => print(&report.table())?,
        }
        match report.verdict.is_clean() {
            true => Ok(ExitCode::SUCCESS),
            false => Ok(ExitCode::from(BROKEN_PROMISE)),
        }
    }

    fn crowd(&self) -> anyhow::Result<Crowd> {
        let arrivals = match (self.arrivals, &self.curve) {
            (Shape::Burst, None) => Arrivals::Burst,
            (Shape::Ramp, None) => Arrivals::Ramp,
            (Shape::Recorded, Some(path)) => {
                let file = path.display();
                let text = std::fs::read_to_string(path);
                let text = text.with_context(|| format!("{file} cannot be read"))?;
                Arrivals::Recorded(text.parse().with_context(|| file.to_string())?)
            }
            (Shape::Burst | Shape::Ramp, Some(_)) => bail!("--curve needs --arrivals recorded"),
            (Shape::Recorded, None) => bail!("--arrivals recorded needs --curve"),
        };
        let within = Duration::from_secs(self.seconds);
        Ok(Crowd { people: self.people, arrivals, within, seed: self.seed })
    }

    async fn rush(&self, stack: &Stack, crowd: &Crowd) -> anyhow::Result<Report> {
        let waiting = crowd.gather(stack.address, &stack.on_sale).await;
        let waiting = waiting.context("not everybody got a session")?;
        let seen = watched(crowd, waiting).await?;
        // Until PostgreSQL has had the time to learn of every sale, one that it lacks is not lost.
        let sold = stack.sold(&seen.history).await?;
        let verdict = Verdict::of(&seen.history, &sold);
        report::write(&self.out, crowd, &seen)
            .with_context(|| format!("nothing can be written to {}", self.out.display()))?;
        eprintln!("frontrow: see {} and rush.hlog there", self.out.join("rush.svg").display());
        ensure!(!seen.samples.is_empty(), "nobody asked for anything");
        Ok(Report::new(crowd, &seen, verdict))
    }
}

/// Lets the crowd in, and tells how far it is.
async fn watched(crowd: &Crowd, waiting: Waiting) -> anyhow::Result<Seen> {
    let progress = Arc::new(Progress::default());
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(u64::from(crowd.people)), target);
    bar.set_style(ProgressStyle::with_template("{elapsed} {bar:30} {pos} of {len} came: {msg}")?);
    let telling = async {
        loop {
            bar.set_position(progress.people());
            bar.set_message(progress.to_string());
            sleep(TOLD_EVERY).await;
        }
    };
    let seen = tokio::select! {
        seen = crowd.rush(waiting, &progress) => seen,
        never = telling => never,
    };
    bar.finish_and_clear();
    eprintln!("frontrow: {} came: {progress}", progress.people());
    Ok(seen)
}
