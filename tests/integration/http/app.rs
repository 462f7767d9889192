//! A service on a port of its own, with verbs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use frontrow::cache::{Layers, Lifetimes, Settings};
use frontrow::catalogue::Catalogue;
use frontrow::config::LimitsConfig;
use frontrow::domain::limits::SEAT_MAP_IMPORTS_MAX;
use frontrow::http::server::{ServerLimits, serve};
use frontrow::http::{HttpState, Limits, Readiness, SeatMapBodies, router};
use frontrow::identity::{Accounts, ServiceKeys, Sessions};
use frontrow::inventory::Inventory;
use frontrow::inventory::locks::Locks;
use frontrow::ledger;
use frontrow::ledger::notifications::Persisted;
use frontrow::reservations::Reservations;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::support::backend::Backend;
pub use crate::support::problem::problem;
use crate::support::{database, redis_db};

/// Where no Redis is: the discard port, on which nothing listens.
pub const NO_REDIS: &str = "redis://127.0.0.1:9/0";
/// Where no PostgreSQL is.
const NO_DATABASE: &str = "postgres://nobody@127.0.0.1:9/nothing";

/// The service, for as long as this lives.
pub struct App {
    /// Where it is.
    pub url: String,
    /// Stops sending it requests.
    pub draining: CancellationToken,
    client: Client,
    _stop: DropGuard,
}

impl App {
    /// A service with both stores and all that works behind it.
    pub async fn start() -> (Self, Backend) {
        let (redis, database) = (redis_db().await, database().await);
        let backend = Backend::on(&redis, &database).await;
        let mut state = state(&redis, Readiness::new(CancellationToken::new()));
        state.reservations = backend.reservations.clone();
        state.catalogue = Catalogue::new(backend.pool.clone());
        state.sessions = Sessions::open(&redis, backend.pool.clone()).unwrap();
        (Self::of(state, CancellationToken::new()).await, backend)
    }

    /// A service that has sessions, and nothing else.
    pub async fn with_sessions() -> Self {
        let (redis, database) = (redis_db().await, database().await);
        let pool = ledger::connect(&database, &Default::default()).await.unwrap();
        let draining = CancellationToken::new();
        let mut state = state(&redis, Readiness::new(draining.clone()));
        state.sessions = Sessions::open(&redis, pool).unwrap();
        Self::of(state, draining).await
    }

    /// A service that can answer only what needs no store.
    pub async fn without_stores() -> Self {
        Self::on(NO_REDIS).await
    }

    async fn on(redis_url: &str) -> Self {
        let draining = CancellationToken::new();
        let state = state(redis_url, Readiness::new(draining.clone()));
        Self::of(state, draining).await
    }

    async fn of(state: HttpState, draining: CancellationToken) -> Self {
        let (address, stop) = listen(router(state).0, ServerLimits::default()).await;
        Self {
            url: format!("http://{address}"),
            draining,
            client: Client::new(),
            _stop: stop.drop_guard(),
        }
    }

    /// A request to be sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// What is at a path.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// A new guest's token.
    pub async fn token(&self) -> String {
        let session = self.request(Method::POST, "/v1/sessions").send().await;
        let session: Value = session.unwrap().json().await.unwrap();
        session["token"].as_str().unwrap().to_owned()
    }
}

/// What the router needs, with a Redis that is asked only when it is needed, and no PostgreSQL.
pub fn state(redis_url: &str, readiness: Readiness) -> HttpState {
    let pool = PgPoolOptions::new().acquire_timeout(Duration::from_millis(100));
    let pool = pool.connect_lazy(NO_DATABASE).unwrap();
    let catalogue = Catalogue::new(pool.clone());
    let never = CancellationToken::new();
    let sessions = Sessions::open(redis_url, pool.clone()).unwrap();
    HttpState {
        reservations: Reservations::new(
            Inventory::new(NO_REDIS, 1, 2).unwrap(),
            Locks::new(vec![NO_REDIS.to_owned()]).unwrap(),
            pool.clone(),
            catalogue.clone(),
            Persisted::start(pool.clone(), 1, never),
        ),
        catalogue,
        layers: Layers::new(&cache()).unwrap(),
        accounts: Accounts::new(pool.clone(), sessions.clone()),
        sessions,
        service_keys: ServiceKeys::open(redis_url, pool).unwrap(),
        readiness,
        work: TaskTracker::new(),
        seat_map_bodies: SeatMapBodies::default(),
        seat_map_imports: Arc::new(Semaphore::new(SEAT_MAP_IMPORTS_MAX)),
        limits: Limits::new(&LimitsConfig::default(), 100),
    }
}

/// Serves a router until the token is cancelled.
pub async fn listen(router: axum::Router, limits: ServerLimits) -> (SocketAddr, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, router, stop.clone(), limits));
    (address, stop)
}

/// Answers are kept in memory alone.
fn cache() -> Settings {
    Settings {
        redis_url: None,
        shared_max: 1,
        memory_bytes: 1024 * 1024,
        made_at_once: 4,
        lifetimes: Lifetimes {
            seats: Duration::ZERO,
            quiet: Duration::ZERO,
            ..Lifetimes::default()
        },
    }
}
