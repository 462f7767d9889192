//! `frontrow lab claims`

use clap::{Args, ValueEnum as _};

use super::Common;
use crate::cli::print::print;
use crate::lab::Servers;
use crate::lab::claims::{Claim, Finding, json, measure, table};

/// Measure what is said of indexes, joins, connection pools and caches
#[derive(Args, Debug)]
pub(super) struct Claims {
    /// What to measure; all if none is named
    #[arg(value_enum)]
    claims: Vec<Claim>,
    /// What everything random follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    common: Common,
}

impl Claims {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let claims = match self.claims.as_slice() {
            [] => Claim::value_variants(),
            named => named,
        };
        let measure = async |servers: &mut Servers| {
            let mut findings: Vec<Finding> = Vec::new();
            for claim in claims {
                findings.push(measure(*claim, servers, self.seed).await?);
            }
            Ok(findings)
        };
        let findings = self.common.measure(0, measure).await?;
        match self.common.json {
            true => print(&json(&findings)?),
            false => print(&table(&findings)),
        }
    }
}
