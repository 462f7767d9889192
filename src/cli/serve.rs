//! `frontrow serve`

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::{Config, HttpConfig, LogConfig, LogFormat};
use crate::domain::limits::REQUEST_SECONDS_MAX;
use crate::embedded::port_holder;
use crate::http;
use crate::http::server::{self, ServerLimits};
use crate::telemetry::{self, Metrics};

/// How long measurements are kept one by one: some tens of thousands on the minute of a sale.
const METRICS_SORTED_EVERY: Duration = Duration::from_secs(5);

/// Serve the API, with Redis and PostgreSQL as given
#[derive(Args, Debug)]
pub(super) struct Serve {
    #[command(flatten)]
    config: Config,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        start_log(&self.config.log)?;
        let listeners = Listeners::bind(&self.config.http).await?;
        serve(&self.config, listeners, stop_on_signals()?).await
    }
}

/// The addresses that the service listens on. They are taken before anything is started, so that
/// one that is in use is said at once.
pub(super) struct Listeners {
    api: TcpListener,
    metrics: TcpListener,
}

impl Listeners {
    pub(super) async fn bind(config: &HttpConfig) -> anyhow::Result<Self> {
        let api = listen(config.listen, "LISTEN or --listen").await?;
        let metrics = listen(config.metrics_listen, "METRICS_LISTEN or --metrics-listen").await?;
        Ok(Self { api, metrics })
    }
}

async fn listen(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let elsewhere = format!("choose another address with {setting}");
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let holder = port_holder(address.port());
            bail!("{address} is taken by {holder}: stop that program, or {elsewhere}")
        }
        listener => listener.with_context(|| format!("cannot listen on {address}: {elsewhere}")),
    }
}

/// Serves until `stop` is cancelled, and ends when nothing that was accepted is left undone.
pub(super) async fn serve(
    config: &Config,
    listeners: Listeners,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    config.check(REQUEST_SECONDS_MAX)?;
    let metrics = Metrics::install()?;
    let app = App::start(config).await?;
    let (draining, end) = (CancellationToken::new(), CancellationToken::new());
    let state = app.http_state(draining.clone(), config);
    let (router, _) = http::router(state);
    let limits = ServerLimits {
        connections_max: config.http.connections_max,
        drain_timeout: Duration::from_secs(config.http.drain_seconds),
        ..ServerLimits::default()
    };
    // Asked for port 0, the system has chosen: what was given is what is told.
    let (listen, measured) = (listeners.api.local_addr()?, listeners.metrics.local_addr()?);
    let api = server::serve(listeners.api, router, end.clone(), limits);
    let sorting = tokio::spawn(sort_often(metrics.clone()));
    let metrics = http::metrics::router(metrics);
    let metrics = server::serve(listeners.metrics, metrics, end.clone(), limits);
    let (api, metrics) = (tokio::spawn(api), tokio::spawn(metrics));
    tracing::info!("serving http://{listen}; metrics on http://{measured}/metrics");

    stop.cancelled().await;
    tracing::info!("stopping: what is under way is finished first");
    // Those who look at /readyz go elsewhere before the listener closes.
    draining.cancel();
    sleep(Duration::from_secs(config.http.unready_seconds)).await;
    end.cancel();
    let give_up = Instant::now() + limits.drain_timeout;
    api.await?;
    metrics.await?;
    sorting.abort();
    app.stop(give_up).await;
    Ok(())
}

async fn sort_often(metrics: Metrics) {
    loop {
        sleep(METRICS_SORTED_EVERY).await;
        metrics.sort();
    }
}

/// Begins to log as configured.
pub(super) fn start_log(config: &LogConfig) -> anyhow::Result<()> {
    telemetry::log_to_stderr(config.log_format == LogFormat::Json, &config.log)?;
    Ok(())
}

/// Cancelled by Ctrl-C and by SIGTERM. From here on, neither ends the process by itself.
pub(super) fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be received")?;
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be received")?;
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        cancel.cancel();
    });
    Ok(stop)
}
