//! Concerts and their seat maps, kept at hand.

use std::sync::Arc;

use moka::future::Cache;

use crate::domain::ids::{ConcertId, SeatMapId};
use crate::domain::limits::SEATS_KEPT_MAX;
use crate::domain::listing::{ConcertDetail, ConcertSummary, Listing};
use crate::domain::performance::Performance;
use crate::domain::seat_map::SeatMap;
use crate::ledger::{LedgerError, PgPool, concerts, seat_maps};

use super::reading::Reading;

/// What is on. Cheap to clone; clones share what is kept.
///
/// A performance is loaded once however many ask for it at the same time, and whoever asked learns
/// of a failure together instead of trying one after the other. Concerts on the same seat map share
/// it. What is kept is bounded in seats, each performance counting as if its map were its own; that
/// bounds memory even for maps that left the one cache while the other still holds them.
///
/// A copy can be older than its concert for as long as a notice takes to arrive. That is safe: the
/// scripts hold the concert's version against the claim's, and a claim that is behind is refused,
/// refreshed and tried again.
#[derive(Clone)]
pub struct Catalogue {
    reading: Reading,
    performances: Cache<ConcertId, Arc<Performance>>,
    maps: Cache<SeatMapId, Arc<SeatMap>>,
}

/// Why nothing can be kept. Only the caches see it.
enum Miss {
    /// There is no such row, which may change, so that it is not kept.
    Nothing,
    /// It could not be asked.
    Failed(Arc<LedgerError>),
}

impl From<LedgerError> for Miss {
    fn from(error: LedgerError) -> Self {
        Self::Failed(Arc::new(error))
    }
}

impl Catalogue {
    /// A catalogue that has nothing at hand yet.
    pub fn new(pool: PgPool) -> Self {
        Self::with_replica(pool, None)
    }

    /// The same, with a replica for listings. What claims depend on is always read from the primary.
    pub fn with_replica(pool: PgPool, replica: Option<PgPool>) -> Self {
        let weigh_performance = |_: &_, performance: &Arc<Performance>| performance.map.capacity();
        let weigh_map = |_: &_, map: &Arc<SeatMap>| map.capacity();
        Self {
            reading: Reading::new(pool, replica),
            performances: Cache::builder()
                .max_capacity(SEATS_KEPT_MAX)
                .weigher(weigh_performance)
                .build(),
            maps: Cache::builder().max_capacity(SEATS_KEPT_MAX).weigher(weigh_map).build(),
        }
    }

    /// A concert with its seat map, or `None` if there is no such concert.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached and the concert is not at hand.
    pub async fn performance(
        &self,
        id: ConcertId,
    ) -> Result<Option<Arc<Performance>>, LedgerError> {
        if let Some(performance) = self.performances.get(&id).await {
            return Ok(Some(performance));
        }
        // Apart, because what is seldom needed is large, and every claim would carry its room along.
        let found = Box::pin(self.performances.try_get_with(id, self.load(id))).await;
        found.map(Some).or_else(|miss| match &*miss {
            Miss::Nothing => Ok(None),
            Miss::Failed(error) => Err(LedgerError::Shared(error.clone())),
        })
    }

    /// A concert with its seat map, if it is at hand.
    pub async fn performance_at_hand(&self, id: ConcertId) -> Option<Arc<Performance>> {
        self.performances.get(&id).await
    }

    /// A seat map, or `None` if there is no such map.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached and the map is not at hand.
    pub async fn seat_map(&self, id: SeatMapId) -> Result<Option<Arc<SeatMap>>, LedgerError> {
        match self.map(id).await {
            Ok(map) => Ok(Some(map)),
            Err(Miss::Nothing) => Ok(None),
            Err(Miss::Failed(error)) => Err(LedgerError::Shared(error)),
        }
    }

    /// Drops a concert, so that the next to ask reads it anew.
    pub async fn forget(&self, id: ConcertId) {
        self.performances.invalidate(&id).await;
    }

    /// Drops every concert, for instance because notices of changes may have been missed. Seat maps
    /// never change, and stay.
    pub fn forget_all(&self) {
        self.performances.invalidate_all();
    }

    /// Reads a concert anew, for instance when it is known to have changed.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached; the old copy stays then.
    pub async fn refresh(&self, id: ConcertId) -> Result<Option<Arc<Performance>>, LedgerError> {
        match self.load(id).await {
            Ok(performance) => {
                let entry = self.performances.entry(id);
                let newest = entry.and_upsert_with(|kept| async {
                    // Of two refreshes that cross, the later reading stays.
                    let kept = kept.map(moka::Entry::into_value);
                    let newer = |kept: &Arc<Performance>| {
                        kept.concert.version > performance.concert.version
                    };
                    kept.filter(newer).unwrap_or(performance)
                });
                Ok(Some(newest.await.into_value()))
            }
            Err(Miss::Nothing) => {
                self.forget(id).await;
                Ok(None)
            }
            Err(Miss::Failed(error)) => Err(LedgerError::Shared(error)),
        }
    }

    /// The concerts that are kept.
    pub fn at_hand(&self) -> Vec<ConcertId> {
        let kept = self.performances.iter();
        kept.map(|(id, _)| *id).collect()
    }

    /// A part of a list of concerts.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn list(&self, listing: &Listing) -> Result<Vec<ConcertSummary>, LedgerError> {
        let listing = Arc::new(listing.clone());
        let list = |pool: PgPool| {
            let listing = Arc::clone(&listing);
            async move { concerts::list(&pool, &listing).await }
        };
        self.reading.read(list).await
    }

    /// A concert as its page shows it, or `None` if there is no such concert.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn detail(&self, id: ConcertId) -> Result<Option<ConcertDetail>, LedgerError> {
        self.reading.read(|pool| async move { concerts::detail(&pool, id).await }).await
    }

    /// Says that an organiser changed something just now, which a replica may not have heard of.
    pub fn was_changed(&self) {
        self.reading.was_changed();
    }

    async fn load(&self, id: ConcertId) -> Result<Arc<Performance>, Miss> {
        let concert = concerts::load(&self.reading.primary, id).await?;
        let concert = concert.ok_or(Miss::Nothing)?;
        let map = self.map(concert.seat_map).await?;
        Ok(Arc::new(Performance { concert, map }))
    }

    async fn map(&self, id: SeatMapId) -> Result<Arc<SeatMap>, Miss> {
        let load = async {
            let map = seat_maps::load(&self.reading.primary, id).await?;
            map.map(Arc::new).ok_or(Miss::Nothing)
        };
        let map = self.maps.try_get_with(id, load).await;
        map.map_err(|miss| match &*miss {
            Miss::Nothing => Miss::Nothing,
            Miss::Failed(error) => Miss::Failed(error.clone()),
        })
    }
}
