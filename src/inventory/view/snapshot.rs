//! A concert as Redis has it, with the position of the log that it stands at.

use std::collections::{HashMap, HashSet};

use redis::aio::ConnectionLike;
use redis::streams::StreamRangeReply;

use super::seats::Seats;
use crate::domain::ids::ReservationId;
use crate::domain::position::{Epoch, Position};
use crate::domain::seat::{PackedStates, SeatNumber, SeatState};
use crate::inventory::InventoryError;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::packed::unpack_record;
use crate::inventory::reply::unpackable;

/// Records asked for at a time, so that claims need not wait for a long answer.
const RECORDS_AT_A_TIME: usize = 500;

/// Reads a concert; none when it is not loaded. Seats, holders and position are of one moment. The
/// holds' deadlines are read after it: of those that have changed meanwhile, the log will tell.
///
/// # Errors
/// When Redis does not answer.
pub(super) async fn read(
    connection: &mut impl ConnectionLike,
    keys: &ConcertKeys,
    capacity: u32,
) -> Result<Option<Seats>, InventoryError> {
    type Moment = (Option<u32>, Option<Vec<u8>>, Option<Vec<u8>>, StreamRangeReply);
    let (epoch, states, holders, last): Moment = redis::pipe()
        .atomic()
        .hget(keys.meta(), "epoch")
        .get(keys.seats())
        .get(keys.holders())
        .xrevrange_count(keys.log(), "+", "-", 1)
        .query_async(connection)
        .await?;
    let Some(epoch) = epoch else { return Ok(None) };
    // A loaded concert's log is never empty, and the newest entry is never trimmed.
    let position = match last.ids.first() {
        Some(entry) => entry.id.parse::<Position>(),
        None => Ok(Position::START),
    };
    let position = position.map_err(|error| InventoryError::Unreadable(error.to_string()))?;
    let states = PackedStates::new(states.unwrap_or_default(), capacity);
    let holders = holders.unwrap_or_default();
    let deadlines = deadlines(connection, keys, &states, &holders).await?;
    Ok(Some(Seats::new((Epoch(epoch), position), states, &holders, &deadlines)))
}

async fn deadlines(
    connection: &mut impl ConnectionLike,
    keys: &ConcertKeys,
    states: &PackedStates,
    holders: &[u8],
) -> Result<HashMap<ReservationId, i64>, InventoryError> {
    let (holders, _) = holders.as_chunks::<16>();
    let held = (0..).zip(holders).take(states.capacity() as usize);
    let held = held.filter(|(seat, _)| states.get(SeatNumber(*seat)) == SeatState::Held);
    let ids: HashSet<[u8; 16]> = held.map(|(_, id)| *id).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let mut deadlines = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(RECORDS_AT_A_TIME) {
        let records: Vec<Option<Vec<u8>>> = redis::cmd("HMGET")
            .arg(keys.reservations())
            .arg(ids.iter().map(|id| id.as_slice()).collect::<Vec<_>>())
            .query_async(connection)
            .await?;
        for (id, record) in ids.iter().zip(records) {
            let id = ReservationId(uuid::Uuid::from_bytes(*id));
            let Some(record) = record else { continue };
            let record = unpack_record(keys.concert, id, &record).map_err(unpackable)?;
            deadlines.insert(id, record.deadline.as_millisecond());
        }
    }
    Ok(deadlines)
}
