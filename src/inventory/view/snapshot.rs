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

/// How often to read until nothing has changed meanwhile. Redis hardly ever serves others between
/// commands that arrive together, so that the first reading is nearly always the last.
const READINGS_MAX: usize = 20;

/// A concert's keys as they were at one moment.
struct Moment {
    /// None when it was not loaded.
    epoch: Option<u32>,
    states: Vec<u8>,
    holders: Vec<u8>,
    position: Position,
}

/// Reads a concert; none when it is not loaded. Seats, holders and position are of one moment. The
/// holds' deadlines are read after it: of those that have changed meanwhile, the log will tell.
///
/// # Errors
/// When Redis does not answer, or changes without a pause.
pub(super) async fn read(
    connection: &mut impl ConnectionLike,
    keys: &ConcertKeys,
    capacity: u32,
) -> Result<Option<Seats>, InventoryError> {
    for _ in 0..READINGS_MAX {
        let Some(moment) = moment(connection, keys).await? else { continue };
        let Some(epoch) = moment.epoch else { return Ok(None) };
        let states = PackedStates::new(moment.states, capacity);
        let deadlines = deadlines(connection, keys, &states, &moment.holders).await?;
        let place = (Epoch(epoch), moment.position);
        return Ok(Some(Seats::new(place, states, &moment.holders, &deadlines)));
    }
    Err(InventoryError::Unreadable("the log does not stand still".to_owned()))
}

/// Reads a concert's keys between two looks at the log; none when it went on meanwhile. Whatever
/// changes a seat is in the log. (A transaction would do it at once, but Redis refuses those when its
/// memory is full, and people must be able to look then.)
async fn moment(
    connection: &mut impl ConnectionLike,
    keys: &ConcertKeys,
) -> Result<Option<Moment>, InventoryError> {
    type Read = (StreamRangeReply, Vec<u8>, Vec<u8>, Option<u32>, StreamRangeReply);
    // The epoch after the seats: loading begins by taking the one away and emptying the others, and
    // only its end is in the log.
    let (before, states, holders, epoch, after): Read = redis::pipe()
        .xrevrange_count(keys.log(), "+", "-", 1)
        .get(keys.seats())
        .get(keys.holders())
        .hget(keys.meta(), "epoch")
        .xrevrange_count(keys.log(), "+", "-", 1)
        .query_async(connection)
        .await?;
    let position = last_of(&before)?;
    let stood_still = position == last_of(&after)?;
    Ok(stood_still.then_some(Moment { epoch, states, holders, position }))
}

/// The newest entry's position. A loaded concert's log is never empty, and its newest entry is never
/// trimmed.
fn last_of(log: &StreamRangeReply) -> Result<Position, InventoryError> {
    match log.ids.first() {
        Some(entry) => entry.id.parse().map_err(|_| InventoryError::Unreadable(entry.id.clone())),
        None => Ok(Position::START),
    }
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
