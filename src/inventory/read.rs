//! Reading seats and reservations, without changing anything.

use std::collections::HashMap;

use redis::AsyncCommands;

use super::keys::ConcertKeys;
use super::packed::{Reader, unpack_record};
use super::reply::unpackable;
use super::{Inventory, InventoryError};
use crate::domain::area::AreaCounts;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::reservation::Reservation;
use crate::domain::seat::PackedStates;

/// Bytes of an owner's entry: an id, a count of seats, a deadline.
pub(super) const OWNED_BYTES: usize = 26;

impl Inventory {
    /// The state of every seat; none when the concert is not loaded.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn states(
        &self,
        concert: &ConcertKeys,
        capacity: u32,
    ) -> Result<Option<PackedStates>, InventoryError> {
        let mut connection = self.claims.clone();
        let (before, bytes, after): (Option<u32>, Vec<u8>, Option<u32>) = redis::pipe()
            .hget(concert.meta(), "epoch")
            .get(concert.seats())
            .hget(concert.meta(), "epoch")
            .query_async(&mut connection)
            .await?;
        Ok(is_loaded_throughout(before, after).then(|| PackedStates::new(bytes, capacity)))
    }

    /// The places of every area, in the order of their numbers; none when the concert is not loaded.
    ///
    /// # Errors
    /// When Redis does not answer, or has something else there.
    pub async fn area_counts(
        &self,
        concert: &ConcertKeys,
        areas: u16,
    ) -> Result<Option<Vec<AreaCounts>>, InventoryError> {
        let mut connection = self.claims.clone();
        type Areas = (Option<u32>, HashMap<u16, Vec<u8>>, Option<u32>);
        let (before, packed, after): Areas = redis::pipe()
            .hget(concert.meta(), "epoch")
            .hgetall(concert.areas())
            .hget(concert.meta(), "epoch")
            .query_async(&mut connection)
            .await?;
        if !is_loaded_throughout(before, after) {
            return Ok(None);
        }
        let counts = (0..areas).map(|area| read_area(packed.get(&area)));
        counts.collect::<Result<_, _>>().map(Some)
    }

    /// Whether the concert is loaded.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn is_loaded(&self, concert: &ConcertKeys) -> Result<bool, InventoryError> {
        let mut connection = self.claims.clone();
        Ok(connection.hexists(concert.meta(), "epoch").await?)
    }

    /// One reservation of the concert.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn find(
        &self,
        concert: &ConcertKeys,
        id: ReservationId,
    ) -> Result<Option<Reservation>, InventoryError> {
        let mut connection = self.claims.clone();
        let packed: Option<Vec<u8>> =
            connection.hget(concert.reservations(), id.0.as_bytes()).await?;
        let unpack = |packed: Vec<u8>| unpack_record(concert.concert, id, &packed);
        packed.map(unpack).transpose().map_err(unpackable)
    }

    /// The user's live reservations, in the order they were made; none at all when the concert is
    /// not loaded.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn owned_by(
        &self,
        concert: &ConcertKeys,
        user: UserId,
    ) -> Result<Option<Vec<Reservation>>, InventoryError> {
        let mut connection = self.claims.clone();
        type Owned = (Option<u32>, Option<Vec<u8>>, Option<u32>);
        let (before, entries, after): Owned = redis::pipe()
            .hget(concert.meta(), "epoch")
            .hget(concert.owners(), user.0.as_bytes())
            .hget(concert.meta(), "epoch")
            .query_async(&mut connection)
            .await?;
        if !is_loaded_throughout(before, after) {
            return Ok(None);
        }
        let entries = entries.unwrap_or_default();
        let entries = entries.chunks_exact(OWNED_BYTES);
        let ids: Vec<[u8; 16]> = entries.filter_map(|entry| entry.first_chunk().copied()).collect();
        if ids.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let records: Vec<Option<Vec<u8>>> = redis::cmd("HMGET")
            .arg(concert.reservations())
            .arg(ids.iter().map(|id| id.as_slice()).collect::<Vec<_>>())
            .query_async(&mut connection)
            .await?;
        let records = ids.iter().zip(records).filter_map(|(id, packed)| {
            let id = ReservationId(uuid::Uuid::from_bytes(*id));
            packed.map(|packed| unpack_record(concert.concert, id, &packed))
        });
        records.collect::<Result<_, _>>().map(Some).map_err(unpackable)
    }

    /// The time by Redis's clock.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn now(&self) -> Result<jiff::Timestamp, InventoryError> {
        let mut connection = self.claims.clone();
        let (seconds, microseconds): (i64, i32) =
            redis::cmd("TIME").query_async(&mut connection).await?;
        jiff::Timestamp::new(seconds, microseconds * 1000)
            .map_err(|error| InventoryError::Unreadable(error.to_string()))
    }
}

/// Whether what was read between these two looks at a concert's epoch is of one moment at which it was
/// loaded: loading begins by taking the epoch away and ends by writing one, never the same as before.
/// Redis refuses transactions when its memory is full, and people must be able to look then.
fn is_loaded_throughout(before: Option<u32>, after: Option<u32>) -> bool {
    before.is_some() && before == after
}

/// Reads (capacity, held, sold).
fn read_area(packed: Option<&Vec<u8>>) -> Result<AreaCounts, InventoryError> {
    let packed = packed.ok_or_else(|| InventoryError::Unreadable("an area is missing".into()))?;
    let mut reader = Reader::new(packed);
    let (capacity, held, sold) = (reader.u32()?, reader.u32()?, reader.u32()?);
    reader.end()?;
    Ok(AreaCounts { available: capacity.saturating_sub(held + sold), held, sold })
}
