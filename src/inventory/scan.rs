//! Leafing through a concert page by page, so that nobody waits for it. A page is of its own moment;
//! what stands all the while is met by the time the last page was read.

use redis::AsyncCommands;
use uuid::Uuid;

use super::keys::{ConcertKeys, PartitionKeys};
use super::look::{Owned, Record, deadline_of_score, read_owned, read_record};
use super::packed::Reader;
use super::{Inventory, InventoryError};
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ConcertId, ReservationId, UserId};

/// Elements that one step of leafing through is told to take: about a millisecond of Redis.
const ELEMENTS_PER_PAGE: usize = 500;
/// Seats whose holders are read at a time: a megabyte.
pub const HOLDERS_PER_PAGE: u32 = 65_536;

/// Some of what there is.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The elements, in no order. One may be met again.
    pub items: Vec<T>,
    /// What to go on with; 0 when this was the last page.
    pub cursor: u64,
}

/// A hold's place in the order of an area's holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaHold {
    /// The area.
    pub area: AreaNumber,
    /// The hold.
    pub id: ReservationId,
    /// When it ends, in ms.
    pub deadline_ms: i64,
}

/// Fields of a hash with their values.
type Fields = Vec<(Vec<u8>, Vec<u8>)>;

impl Inventory {
    /// The concerts of a partition that are loaded.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn loaded_concerts(&self, partition: u16) -> Result<Vec<ConcertId>, InventoryError> {
        let mut connection = self.pool.get().await?;
        let prefixes: Vec<String> =
            connection.smembers(PartitionKeys::new(partition).loaded).await?;
        let ids = prefixes.iter().filter_map(|prefix| prefix.rsplit(':').next()?.parse().ok());
        Ok(ids.collect())
    }

    /// Records from a cursor on, 0 at first.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn records(
        &self,
        keys: &ConcertKeys,
        cursor: u64,
    ) -> Result<Page<(ReservationId, Record)>, InventoryError> {
        let (cursor, fields): (u64, Fields) =
            self.leaf("HSCAN", keys.reservations(), cursor).await?;
        let record = |(id, packed): (Vec<u8>, Vec<u8>)| {
            let id = ReservationId(Reader::new(&id).uuid()?);
            Ok(read_record(keys.concert, id, Some(packed)).map(|record| (id, record)))
        };
        let items = fields.into_iter().filter_map(|field| record(field).transpose());
        Ok(Page { items: items.collect::<Result<_, InventoryError>>()?, cursor })
    }

    /// Users' lists from a cursor on, 0 at first.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn owners(
        &self,
        keys: &ConcertKeys,
        cursor: u64,
    ) -> Result<Page<(UserId, Vec<Owned>)>, InventoryError> {
        let (cursor, fields): (u64, Fields) = self.leaf("HSCAN", keys.owners(), cursor).await?;
        let list = |(user, entries): (Vec<u8>, Vec<u8>)| {
            Ok((UserId(Reader::new(&user).uuid()?), read_owned(&entries)?))
        };
        let items = fields.into_iter().map(list).collect::<Result<_, InventoryError>>()?;
        Ok(Page { items, cursor })
    }

    /// The areas' orders of holds from a cursor on, 0 at first.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn area_holds(
        &self,
        keys: &ConcertKeys,
        cursor: u64,
    ) -> Result<Page<AreaHold>, InventoryError> {
        type Members = Vec<(Vec<u8>, f64)>;
        let (cursor, members): (u64, Members) =
            self.leaf("ZSCAN", keys.area_holds(), cursor).await?;
        let hold = |(member, score): (Vec<u8>, f64)| {
            let mut reader = Reader::new(&member);
            let area = AreaNumber(reader.u16()?);
            let id = ReservationId(reader.uuid()?);
            Ok(AreaHold { area, id, deadline_ms: deadline_of_score(score) })
        };
        let items = members.into_iter().map(hold).collect::<Result<_, InventoryError>>()?;
        Ok(Page { items, cursor })
    }

    /// Who has each seat or had it last, of [`HOLDERS_PER_PAGE`] seats from one on.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn holders(
        &self,
        keys: &ConcertKeys,
        first_seat: u32,
    ) -> Result<Vec<ReservationId>, InventoryError> {
        let mut connection = self.pool.get().await?;
        let from = u64::from(first_seat) * 16;
        let to = from + u64::from(HOLDERS_PER_PAGE) * 16 - 1;
        let mut command = redis::cmd("GETRANGE");
        command.arg(keys.holders()).arg(from).arg(to);
        let bytes: Vec<u8> = command.query_async(&mut connection).await?;
        let (ids, _) = bytes.as_chunks::<16>();
        Ok(ids.iter().map(|id| ReservationId(Uuid::from_bytes(*id))).collect())
    }

    /// When each of these reservations next needs attention, in ms; none where that is not known.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn deadlines_of(
        &self,
        keys: &ConcertKeys,
        ids: &[ReservationId],
    ) -> Result<Vec<Option<i64>>, InventoryError> {
        let mut connection = self.pool.get().await?;
        let mut deadlines = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ELEMENTS_PER_PAGE) {
            let mut command = redis::cmd("ZMSCORE");
            command.arg(keys.deadlines());
            for id in ids {
                command.arg([*keys.concert.0.as_bytes(), *id.0.as_bytes()].concat());
            }
            let scores: Vec<Option<f64>> = command.query_async(&mut connection).await?;
            deadlines.extend(scores.into_iter().map(|score| score.map(|ms| ms as i64)));
        }
        Ok(deadlines)
    }

    async fn leaf<T: redis::FromRedisValue>(
        &self,
        command: &'static str,
        key: &str,
        cursor: u64,
    ) -> Result<T, InventoryError> {
        let mut connection = self.pool.get().await?;
        let mut command = redis::cmd(command);
        command.arg(key).arg(cursor).arg("COUNT").arg(ELEMENTS_PER_PAGE);
        Ok(command.query_async(&mut connection).await?)
    }
}
