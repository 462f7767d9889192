//! A crowd that comes to a sale, whether or not the service keeps up: an open loop.
//!
//! Everybody's session is there before the sale begins, as on the night. What somebody does follows from
//! the seed alone, as long as the answers are the same; when they ask follows from the schedule.

mod arrivals;
mod clients;
mod progress;
mod sample;
mod taste;
mod visit;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

pub use arrivals::{Arrivals, Curve, CurveError};
pub use progress::Progress;
pub use sample::{Ask, Sample, Told};

use super::chance::Chance;
use super::{Buyer, Client, Clock, History, Manners, OnSale};
use clients::Clients;
use visit::Visit;

/// Connections that a crowd shares.
const CONNECTIONS: usize = 256;
/// Sessions that are begun at once.
const SESSIONS_AT_ONCE: usize = 64;
/// How long an answer is waited for before the same is asked again.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long people ask what became of something.
const MANNERS: Manners =
    Manners { patience: Duration::from_secs(20), pause: Duration::from_millis(100) };

/// Who comes, and when.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// How many people.
    pub people: u32,
    /// When they come.
    pub arrivals: Arrivals,
    /// Within what time.
    pub within: Duration,
    /// What everything random follows from.
    pub seed: u64,
}

/// What a crowd has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Everything that was asked and told.
    pub history: History,
    /// How long each answer took.
    pub samples: Vec<Sample>,
    /// From the beginning of the sale until the last was answered.
    pub took: Duration,
}

/// People who have sessions, and wait for the sale to begin.
pub struct Waiting {
    buyers: Vec<Buyer>,
    clients: Clients,
    on_sale: Arc<OnSale>,
}

impl Crowd {
    /// Gives everybody a session with an instance at this address; none if one could not be had.
    pub async fn gather(&self, address: SocketAddr, on_sale: &Arc<OnSale>) -> Option<Waiting> {
        let (instances, clock): (Arc<[_]>, _) = (Arc::new([address]), Clock::start());
        let client = || Client::new(Arc::clone(&instances), 0, TIMEOUT);
        let mut arriving = JoinSet::new();
        for part in 0..SESSIONS_AT_ONCE {
            let share = (part..self.people as usize).step_by(SESSIONS_AT_ONCE).count();
            let (mut client, on_sale) = (client(), Arc::clone(on_sale));
            arriving.spawn(async move {
                let mut buyers = Vec::with_capacity(share);
                for _ in 0..share {
                    let on_sale = Arc::clone(&on_sale);
                    let mut buyer = Buyer::arrive(client, on_sale, MANNERS, clock).await?;
                    client = buyer.client().take();
                    buyers.push(buyer);
                }
                Some(buyers)
            });
        }
        let buyers: Option<Vec<_>> = arriving.join_all().await.into_iter().collect();
        let clients = Clients::new((0..CONNECTIONS).map(|_| client()).collect());
        Some(Waiting {
            buyers: buyers?.into_iter().flatten().collect(),
            clients,
            on_sale: Arc::clone(on_sale),
        })
    }

    /// Lets everybody come, and waits until the last has left.
    pub async fn rush(&self, waiting: Waiting, progress: &Arc<Progress>) -> Seen {
        let mut chance = Chance::new(self.seed);
        let times = self.arrivals.schedule(self.people, self.within, &mut chance);
        let (opened, mut visits) = (Instant::now(), JoinSet::new());
        for (buyer, comes) in waiting.buyers.into_iter().zip(times) {
            let visit = Visit {
                buyer,
                on_sale: Arc::clone(&waiting.on_sale),
                clients: waiting.clients.clone(),
                progress: Arc::clone(progress),
                chance: chance.fork(),
                opened,
                comes,
                samples: Vec::new(),
            };
            visits.spawn(visit.make());
        }
        let mut seen = Seen::default();
        for (history, samples) in visits.join_all().await {
            seen.history.extend(history);
            seen.samples.extend(samples);
        }
        seen.took = seen.samples.iter().map(|it| it.answered).max().unwrap_or_default();
        seen
    }
}
