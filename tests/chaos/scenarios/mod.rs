//! Outages that are long, and measured.

mod postgres_away;
mod redis_away;

use std::sync::Arc;

use crate::report::Report;
use crate::stage::Stage;

/// Runs them all.
pub async fn run(stage: &Arc<Stage>, report: &mut Report) {
    redis_away::run(stage, report).await;
    postgres_away::run(stage, report).await;
}
