//! What handlers work with.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::health::Readiness;
use super::limits::Limits;
use super::problem::{Kind, Problem, Result};
use crate::cache::{Layers, Topic};
use crate::catalogue::Catalogue;
use crate::domain::ids::ConcertId;
use crate::identity::{Accounts, ServiceKeys, Sessions};
use crate::reservations::Reservations;

pub use super::seat_map::SeatMapBodies;

/// What handlers work with.
pub struct HttpState {
    /// The use cases.
    pub reservations: Reservations,
    /// What is on.
    pub catalogue: Catalogue,
    /// Answers about it that many ask for.
    pub layers: Layers,
    /// Who is asking.
    pub sessions: Sessions,
    /// Who has an account.
    pub accounts: Accounts,
    /// Whose server is asking.
    pub service_keys: ServiceKeys,
    /// Whether this process should be sent requests.
    pub readiness: Readiness,
    /// Work that goes on when its client hangs up. Whoever stops the process closes it and waits
    /// for it, after the server has stopped.
    pub work: TaskTracker,
    /// Seat maps as they go over the wire.
    pub seat_map_bodies: SeatMapBodies,
    /// Places for imports of seat maps, each of which takes some times the size of its body: their number
    /// bounds the memory.
    pub seat_map_imports: Arc<Semaphore>,
    /// What one caller may ask for, and all together.
    pub limits: Limits,
}

/// The state as axum hands it around: one count to raise for each request.
pub type Shared = Arc<HttpState>;

impl HttpState {
    /// Puts an end to answers about a concert that its organiser has changed, before the organiser is
    /// told so. Other instances hear of it by themselves, or from Redis.
    pub async fn was_changed(&self, concert: ConcertId) {
        self.catalogue.was_changed();
        if let Err(error) = self.layers.end(&[Topic::Concert(concert), Topic::Lists]).await {
            tracing::debug!(%error, "Redis is told of a change later");
        }
    }

    /// Runs a use case to its end, even if the client hangs up while it runs: what was begun in
    /// the stores must not be cut in half.
    pub async fn to_the_end<T, E>(
        &self,
        work: impl Future<Output = std::result::Result<T, E>> + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        match self.work.spawn(work.in_current_span()).await {
            Ok(answer) => answer.map_err(Into::into),
            Err(stopped) => Err(Problem::new(Kind::Internal).because(stopped.to_string())),
        }
    }
}
