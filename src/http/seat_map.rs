//! Seat maps as they go over the wire, kept as bytes in every encoding: a map never changes, and writing
//! one of 90,000 seats for every viewer would take the machine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::body::SeatMapBody;
use super::problem::{Kind, Problem, Result};
use crate::cache::Encoded;
use crate::domain::ids::SeatMapId;
use crate::domain::seat_map::SeatMap;

/// Bytes that all kept maps may take: a dozen of the largest a map can be, or hundreds of arenas.
const KEPT_BYTES_MAX: usize = 512 * 1024 * 1024;
/// Maps that are kept at most, so that finding one stays quick.
const KEPT_MAPS_MAX: usize = 256;

/// A map's bytes, once somebody has written them.
type Written = Arc<OnceCell<Arc<Encoded>>>;

/// Seat maps as bytes, those asked for last at the front.
#[derive(Default)]
pub struct SeatMapBodies(Mutex<VecDeque<(SeatMapId, Written)>>);

impl SeatMapBodies {
    /// A map's JSON. Of all who ask for it while it is being written, one writes it.
    pub async fn encoded(&self, map: &Arc<SeatMap>) -> Result<Arc<Encoded>> {
        let written = self.entry(map.id);
        let encoded = written.get_or_try_init(|| write(Arc::clone(map))).await?;
        Ok(Arc::clone(encoded))
    }

    fn entry(&self, id: SeatMapId) -> Written {
        // Nothing under this lock can panic half-way.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(other, _)| *other == id);
        let entry = found.and_then(|at| kept.remove(at));
        let (id, written) = entry.unwrap_or_else(|| (id, Written::default()));
        kept.push_front((id, Arc::clone(&written)));
        shorten(&mut kept);
        written
    }
}

/// Forgets what was not asked for longest, but never the map that is asked for now.
fn shorten(kept: &mut VecDeque<(SeatMapId, Written)>) {
    let size = |(_, written): &(_, Written)| written.get().map_or(0, |encoded| encoded.size());
    let mut bytes: usize = kept.iter().map(size).sum();
    while kept.len() > 1 && (bytes > KEPT_BYTES_MAX || kept.len() > KEPT_MAPS_MAX) {
        bytes -= kept.pop_back().as_ref().map_or(0, size);
    }
}

/// Off the threads that serve requests: a large map takes a good part of a second.
async fn write(map: Arc<SeatMap>) -> Result<Arc<Encoded>> {
    let write = move || {
        let json = serde_json::to_vec(&SeatMapBody::new(&map))?;
        Ok::<_, serde_json::Error>(Arc::new(Encoded::new(json)))
    };
    let internal = |reason: String| Problem::new(Kind::Internal).because(reason);
    let written = tokio::task::spawn_blocking(write).await;
    let encoded = written.map_err(|error| internal(error.to_string()))?;
    encoded.map_err(|error| internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::seat_map::Layout;

    fn map(name: &str) -> Arc<SeatMap> {
        let layout = Layout::default();
        let (id, name) = (SeatMapId::new(), name.to_owned());
        Arc::new(SeatMap::new(id, name, 1, [0; 32], layout))
    }

    #[tokio::test]
    async fn a_map_is_written_once_and_so_many_are_kept() {
        let (bodies, first) = (SeatMapBodies::default(), map("first"));
        let (one, two) = tokio::join!(bodies.encoded(&first), bodies.encoded(&first));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(Arc::ptr_eq(&one, &two));
        for _ in 0..KEPT_MAPS_MAX {
            bodies.encoded(&map("other")).await.unwrap();
        }
        assert_eq!(bodies.0.lock().unwrap().len(), KEPT_MAPS_MAX);
        let again = bodies.encoded(&first).await.unwrap();
        assert_eq!(again, one);
        assert!(!Arc::ptr_eq(&again, &one));
    }
}
