//! What an organiser has done to a concert's seats and holds, whoever has them.

use redis::Value;

use super::commands::Reply;
use super::keys::ConcertKeys;
use super::packed::{Reader, unpack_record};
use super::reply::{Code, bytes, read_position, read_time};
use super::{Inventory, InventoryError, Select};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::limits::{BACKLOG_ENTRIES_MAX, PROLONG_MAX, SEATS_PER_BLOCK_MAX};
use crate::domain::position::{Epoch, Position};
use crate::domain::refusal::Refusal;
use crate::domain::reservation::{Reservation, State};
use crate::domain::seat::SeatNumber;

/// Fields of a hash that one step of looking through it is told to take: a few milliseconds of Redis.
const FIELDS_PER_SCAN: usize = 1_000;

/// How seats are to be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BlockMode {
    /// They are given to the sale again.
    Unblock = 0,
    /// All of them are blocked, or none.
    AllOrNone = 1,
    /// Those that nobody has are blocked.
    WhatCanBe = 2,
}

/// What blocking or unblocking did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockDone {
    /// How many seats have another state now.
    pub changed: u32,
    /// Those that are somebody's, and stay theirs.
    pub left: Vec<SeatNumber>,
}

/// What a command did that is about no one reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    /// Position of the concert's last change; none while it is not loaded.
    pub position: Option<Position>,
    /// What came of it.
    pub outcome: Result<T, Refusal>,
}

/// Some of a concert's holds, and where to look for more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SomeHolds {
    /// The holds, overdue ones among them, in no order.
    pub holds: Vec<Reservation>,
    /// What to go on with; 0 when all was looked through.
    pub cursor: u64,
}

/// Fields of a hash with their values.
type Fields = Vec<(Vec<u8>, Vec<u8>)>;

impl Inventory {
    /// Blocks or unblocks distinct seats, at most [`SEATS_PER_BLOCK_MAX`].
    ///
    /// # Errors
    /// [`InventoryError`]; unless it says otherwise, whether it was done is unknown, and sending it
    /// again is safe.
    pub async fn block(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        actor: UserId,
        mode: BlockMode,
        seats: &[SeatNumber],
    ) -> Result<Told<BlockDone>, InventoryError> {
        assert!(seats.len() <= SEATS_PER_BLOCK_MAX, "{} seats", seats.len());
        let mut command = actor.0.as_bytes().to_vec();
        command.push(mode as u8);
        for seat in seats {
            command.extend(seat.0.to_be_bytes());
        }
        let arguments = vec![BACKLOG_ENTRIES_MAX.to_string().into_bytes(), command];
        self.tell(
            |scripts| &scripts.block,
            concert,
            epoch,
            arguments,
            |mut detail| {
                let changed = detail.u32()?;
                Ok(BlockDone { changed, left: read_seats(detail)? })
            },
        )
        .await
    }

    /// Gives holds time until a moment, at most [`PROLONG_MAX`] of them; returns how many of them
    /// have a later deadline for it.
    ///
    /// # Errors
    /// As [`block`](Self::block).
    pub async fn prolong(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        until: jiff::Timestamp,
        holds: &[ReservationId],
    ) -> Result<Told<u32>, InventoryError> {
        assert!(holds.len() <= PROLONG_MAX, "{} holds", holds.len());
        let mut command = until.as_millisecond().to_be_bytes().to_vec();
        for hold in holds {
            command.extend(hold.0.as_bytes());
        }
        let prolong: Select = |scripts| &scripts.prolong;
        self.tell(prolong, concert, epoch, vec![command], |mut detail| detail.u32()).await
    }

    /// Brings somebody's reservation to [`State::Released`] or [`State::Cancelled`].
    ///
    /// # Errors
    /// As [`block`](Self::block).
    pub async fn revoke(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        id: ReservationId,
        to: State,
    ) -> Result<Reply, InventoryError> {
        let mut command = id.0.as_bytes().to_vec();
        command.push(to as u8);
        self.run(|scripts| &scripts.revoke, concert, epoch, &[command], &[id]).await
    }

    /// Looks for holds of a concert from a cursor on, 0 at first. Whatever is held all the while is
    /// found by the time the cursor is 0 again.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn some_holds(
        &self,
        concert: &ConcertKeys,
        cursor: u64,
    ) -> Result<SomeHolds, InventoryError> {
        let mut connection = self.pool.get().await?;
        let mut scan = redis::cmd("HSCAN");
        scan.arg(concert.reservations()).arg(cursor).arg("COUNT").arg(FIELDS_PER_SCAN);
        let (cursor, fields): (u64, Fields) = scan.query_async(&mut connection).await?;
        let held = fields.iter().filter(|(_, record)| record.first() == Some(&(State::Held as u8)));
        let holds = held.map(|(id, record)| {
            let id = ReservationId(Reader::new(id).uuid()?);
            unpack_record(concert.concert, id, record)
        });
        Ok(SomeHolds { holds: holds.collect::<Result<_, _>>()?, cursor })
    }

    async fn tell<T>(
        &self,
        script: Select,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: Vec<Vec<u8>>,
        read: impl FnOnce(Reader<'_>) -> Result<T, super::packed::PackedError>,
    ) -> Result<Told<T>, InventoryError> {
        let mut arguments = vec![concert.concert.0.as_bytes().to_vec()];
        arguments.push(epoch.to_string().into_bytes());
        arguments.extend(commands);
        let value = self.call(script, concert.scripted(), &arguments).await?;
        let Value::Array(fields) = &value else {
            return Err(InventoryError::Unreadable(format!("expected an array, got {value:?}")));
        };
        let [position, now, code, detail] = fields.as_slice() else {
            return Err(InventoryError::Unreadable(format!("{} fields", fields.len())));
        };
        read_time(now)?;
        let (code, detail) = (Code::read(code)?, Reader::new(bytes(detail)?));
        let outcome = match code {
            Code::Done => Ok(read(detail)?),
            Code::NotLoaded => Err(Refusal::NotLoaded),
            Code::WrongEpoch => Err(Refusal::WrongEpoch),
            Code::Backlogged => Err(Refusal::Backlogged),
            Code::Unavailable => {
                Err(Refusal::Unavailable { seats: read_seats(detail)?, areas: Vec::new() })
            }
            code => return Err(InventoryError::Unreadable(format!("{code:?} to an organiser"))),
        };
        Ok(Told { position: read_position(position)?, outcome })
    }
}

/// The seats that a detail ends in.
fn read_seats(mut detail: Reader<'_>) -> Result<Vec<SeatNumber>, super::packed::PackedError> {
    let mut seats = Vec::new();
    while !detail.is_at_end() {
        seats.push(SeatNumber(detail.u32()?));
    }
    Ok(seats)
}
