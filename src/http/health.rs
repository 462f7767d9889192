//! Whether the process lives, and whether it should be sent requests.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use futures_util::future::join_all;
use serde::Serialize;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::respond::NO_STORE;
use super::state::Shared;

/// How long a store may take to answer before it counts as out of reach.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// What is wrong with a store: words of ours. Those of a store's client may hold addresses, and
/// anybody can ask.
pub type Wrong = &'static str;

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), Wrong>> + Send>> + Send + Sync;

/// Whether this process should be sent requests: its stores answer, and it is not about to stop.
#[derive(Clone)]
pub struct Readiness {
    draining: CancellationToken,
    checks: Vec<(&'static str, Arc<Check>)>,
}

impl Readiness {
    /// Ready until `draining` is cancelled.
    pub fn new(draining: CancellationToken) -> Self {
        let checks = Vec::new();
        Self { draining, checks }
    }

    /// Also asks a store whether it answers.
    pub fn with<F>(
        mut self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Wrong>> + Send + 'static,
    {
        self.checks.push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    async fn report(&self) -> Report {
        let asked = self.checks.iter().map(async |(name, check)| {
            let answer = timeout(CHECK_TIMEOUT, check()).await;
            (*name, answer.unwrap_or(Err("does not answer in time")))
        });
        let answers = join_all(asked).await;
        let draining = self.draining.is_cancelled();
        let ready = !draining && answers.iter().all(|(_, answer)| answer.is_ok());
        let word = |(name, answer): (_, Result<(), Wrong>)| (name, answer.err().unwrap_or("ok"));
        let checks = answers.into_iter().map(word).collect();
        Report { ready, draining, checks }
    }
}

/// Whether this process should be sent requests, and why not.
#[derive(Serialize, utoipa::ToSchema)]
struct Report {
    /// Whether it should.
    ready: bool,
    /// Whether it is about to stop.
    draining: bool,
    /// Each store: `ok`, or what is wrong with it.
    checks: BTreeMap<&'static str, &'static str>,
}

/// Whether the process lives
///
/// Asks no store: a process whose stores are gone must not be restarted for it.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, description = "It does", body = String)))]
pub async fn livez() -> impl IntoResponse {
    ([NO_STORE], "ok")
}

/// Whether the process should be sent requests
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "It should", body = Report),
    (status = 503, description = "It should not, and why", body = Report),
))]
pub async fn readyz(State(state): State<Shared>) -> impl IntoResponse {
    let report = state.readiness.report().await;
    let status = match report.ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, [NO_STORE], Json(report))
}
