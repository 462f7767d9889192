//! Ending what is overdue.

use redis::AsyncCommands;

use super::keys::{ConcertKeys, PartitionKeys};
use super::{Inventory, InventoryError};
use crate::domain::ids::{ConcertId, ReservationId};

/// Reservations of one concert whose deadline has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The concert.
    pub concert: ConcertId,
    /// The reservations.
    pub ids: Vec<ReservationId>,
}

/// What one look at the deadlines found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deadlines {
    /// What is due, by concert.
    pub due: Vec<Due>,
    /// Milliseconds until the next deadline, when nothing is due and there is one.
    pub next_in_ms: Option<u64>,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Holds that it ended.
    pub ended: u64,
    /// Ended holds that it forgot.
    pub forgotten: u64,
}

impl Inventory {
    /// Looks for deadlines that have passed, at most `count`.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn deadlines(
        &self,
        partition: u16,
        count: usize,
    ) -> Result<Deadlines, InventoryError> {
        let key = PartitionKeys::new(partition).deadlines;
        let now_ms = self.now().await?.as_millisecond();
        let mut connection = self.pool.get().await?;
        let due: Vec<Vec<u8>> =
            connection.zrangebyscore_limit(&key, "-inf", now_ms, 0, count as isize).await?;
        if !due.is_empty() {
            return Ok(Deadlines { due: by_concert(&due), next_in_ms: None });
        }
        let next: Vec<(Vec<u8>, f64)> = connection.zrange_withscores(&key, 0, 0).await?;
        let next_in_ms = next.first().map(|(_, at_ms)| (*at_ms as i64 - now_ms).max(0) as u64);
        Ok(Deadlines { due: Vec::new(), next_in_ms })
    }

    /// Ends those of the reservations that are overdue, and forgets those that ended long ago.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn sweep(
        &self,
        concert: &ConcertKeys,
        ids: &[ReservationId],
    ) -> Result<Swept, InventoryError> {
        let mut arguments = Vec::with_capacity(1 + ids.len());
        arguments.push(concert.concert.0.as_bytes().as_slice());
        arguments.extend(ids.iter().map(|id| id.0.as_bytes().as_slice()));
        let value = self.call(|scripts| &scripts.sweep, concert.scripted(), &arguments).await?;
        let (_, _, ended, forgotten): (String, i64, u64, u64) =
            redis::from_redis_value(value).map_err(redis::RedisError::from)?;
        Ok(Swept { ended, forgotten })
    }
}

/// Members are 16 bytes of concert and 16 of reservation; anything else is not ours to touch.
fn by_concert(members: &[Vec<u8>]) -> Vec<Due> {
    let mut due: Vec<Due> = Vec::new();
    for member in members {
        let Some((concert, id)) = member.split_first_chunk::<16>() else {
            continue;
        };
        let Ok(id) = <[u8; 16]>::try_from(id) else {
            continue;
        };
        let concert = ConcertId(uuid::Uuid::from_bytes(*concert));
        let id = ReservationId(uuid::Uuid::from_bytes(id));
        match due.iter_mut().find(|due| due.concert == concert) {
            Some(due) => due.ids.push(id),
            None => due.push(Due { concert, ids: vec![id] }),
        }
    }
    due
}
