//! `frontrow audit`

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::audit::{Auditor, ConcertReport, Counts, Report};
use crate::config::{DatabaseConfig, RedisConfig};
use crate::domain::limits::PARTITIONS;
use crate::inventory::Inventory;
use crate::ledger::{self, ConnectionOptions};

/// What a violation ends with.
const VIOLATION: u8 = 1;

/// Hold Redis against PostgreSQL while both are in use; ends with 1 when something is wrong, and with 2
/// when it could not look
#[derive(Args, Debug)]
pub(super) struct Audit {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// A concert's id or slug, again and again for several; all concerts if none is named
    #[arg(long)]
    concert: Vec<String>,
    #[command(flatten)]
    redis: RedisConfig,
    #[command(flatten)]
    database: DatabaseConfig,
}

impl Audit {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let url = &self.database.database_url;
        let pool = ledger::connect(url.expose(), &ConnectionOptions::default()).await;
        let pool = pool.with_context(|| format!("{url} cannot be reached"))?;
        ledger::ensure_migrated(&pool).await?;
        let redis = self.redis.redis_url.expose();
        let inventory = Inventory::new(redis, PARTITIONS, self.redis.redis_pool_size as usize)?;
        let report = Auditor::new(inventory, pool).audit(&self.concert).await?;
        match self.json {
            true => println!("{}", serde_json::to_string(&report)?),
            false => print(&report),
        }
        Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(VIOLATION) })
    }
}

fn print(report: &Report) {
    // Hundreds of concerts of which nothing is to be said would hide the one of which something is.
    let worth_it =
        |it: &&ConcertReport| it.loaded || it.counts.sold_postgres > 0 || !it.problems.is_empty();
    for concert in report.concerts.iter().filter(worth_it) {
        print_concert(concert);
    }
    let problems = report.concerts.iter().map(|it| it.problems.len() + it.problems_left_out);
    match problems.sum::<usize>() {
        0 => println!("{} concerts: all is well.", report.concerts.len()),
        problems => println!("{} concerts: {problems} problems.", report.concerts.len()),
    }
}

fn print_concert(concert: &ConcertReport) {
    let Counts { available, held, sold_redis, sold_postgres, blocked } = concert.counts;
    let in_redis = sold_redis.map_or("not loaded".to_owned(), |sold| format!("{sold} in Redis"));
    println!(
        "{} ({}): {} = {available} available, {held} held, {sold_postgres} sold ({in_redis}), \
         {blocked} blocked; {} conflicts",
        concert.slug, concert.concert, concert.capacity, concert.conflicts
    );
    for problem in &concert.problems {
        println!("  {}: {:?}: {}", problem.kind.name(), problem.subject, problem.says);
    }
    if concert.problems_left_out > 0 {
        println!("  and {} more", concert.problems_left_out);
    }
}
