//! Puts an end to answers about concerts that organisers have changed.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::cache::{CacheStoreError, Layers, Topic};
use crate::catalogue::Catalogue;
use crate::domain::ids::ConcertId;
use crate::domain::limits::CHANGES_WAITING_MAX;
use crate::ledger::notifications::{Change, Changes};

/// How long further changes are waited for, so that one import does not end every list many times.
const FEW_WITHIN: Duration = Duration::from_millis(20);
const MANY_WITHIN: Duration = Duration::from_millis(400);
const FEW: usize = 8;
/// How often Redis is told what it could not be told.
const SETTLE_EVERY: Duration = Duration::from_millis(500);

/// Follows changes, until there will be none any more.
pub(super) async fn run(
    layers: Layers,
    catalogue: Catalogue,
    mut changes: Changes,
    stop: CancellationToken,
) {
    let follow = async {
        loop {
            match timeout(SETTLE_EVERY, changes.next()).await {
                Ok(Some(change)) => {
                    let changed = gather(change, &mut changes).await;
                    catalogue.was_changed();
                    tell(end(&layers, changed).await);
                }
                Ok(None) => return,
                Err(_nothing) => tell(layers.settle().await),
            }
            if layers.settle().await.is_err() {
                rest(&stop, REST_AFTER_FAILURE).await;
            }
        }
    };
    stop.run_until_cancelled(follow).await;
}

/// A change with those that come right behind it; none when that is too many to name.
async fn gather(first: Change, changes: &mut Changes) -> Option<HashSet<ConcertId>> {
    let begun = Instant::now();
    let (mut concerts, mut next) = (HashSet::new(), Some(first));
    while let Some(Change::Concert(concert)) = next {
        concerts.insert(concert);
        let within = if concerts.len() > FEW { MANY_WITHIN } else { FEW_WITHIN };
        match timeout_at(begun + within, changes.next()).await {
            Ok(further) => next = further,
            Err(_nothing) => next = None,
        }
    }
    let all = matches!(next, Some(Change::Everything)) || concerts.len() > CHANGES_WAITING_MAX;
    (!all).then_some(concerts)
}

async fn end(layers: &Layers, changed: Option<HashSet<ConcertId>>) -> Result<(), CacheStoreError> {
    let Some(concerts) = changed else { return layers.end_all().await };
    let topics = concerts.into_iter().map(Topic::Concert).chain([Topic::Lists]);
    layers.end(&topics.collect::<Vec<_>>()).await
}

fn tell(ended: Result<(), CacheStoreError>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "Redis could not be told of a change to what it has of concerts");
    }
}
