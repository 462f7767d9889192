//! Looking at a concert closely in one moment, for whoever holds Redis against PostgreSQL.

use std::collections::HashMap;

use redis::{FromRedisValue, RedisError, Value};
use uuid::Uuid;

use super::keys::{ConcertKeys, PartitionKeys};
use super::packed::{Reader, unpack_record};
use super::read::OWNED_BYTES;
use super::scripts::look_source;
use super::{Inventory, InventoryError};
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::SUSPECTS_PER_LOOK_MAX;
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::Reservation;
use crate::domain::seat::{SeatNumber, SeatState};

/// What is to be looked at closely.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Suspect {
    /// A seat: its state, its holder, and the holder's record.
    Seat(SeatNumber),
    /// A reservation: its record, and all that follows from it; also its holds in these areas,
    /// whether or not the record has any there.
    Reservation(ReservationId, Vec<AreaNumber>),
    /// A user's list, and the record of each of its entries.
    Owner(UserId),
}

/// A record, or what is wrong with it.
pub type Record = Result<Reservation, String>;

/// A seat as Redis has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedSeat {
    /// Which.
    pub seat: SeatNumber,
    /// Its two bits.
    pub state: SeatState,
    /// Who has it, or had it last.
    pub holder: ReservationId,
    /// The holder's record, if there is one.
    pub record: Option<Record>,
}

/// An entry of a user's list of live reservations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The reservation.
    pub id: ReservationId,
    /// How many places it has.
    pub places: u16,
    /// When it ends, in ms; 0 once it is confirmed.
    pub deadline_ms: i64,
}

/// What was seen of a suspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Of a seat.
    Seat(LookedSeat),
    /// Of a reservation.
    Reservation {
        /// Its record.
        record: Option<Record>,
        /// When it next needs attention, in ms.
        deadline_ms: Option<i64>,
        /// Its user's whole list.
        owned: Vec<Owned>,
        /// The seats that its record names.
        seats: Vec<LookedSeat>,
        /// The areas that its record names or that were asked for, each with the deadline in ms that
        /// the area's order of holds has for it.
        holds: Vec<(AreaNumber, Option<i64>)>,
    },
    /// Of a user's list: each entry with its record.
    Owner(Vec<(Owned, Option<Record>)>),
}

/// All seats and areas of a concert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// How many seats Redis believes that there are.
    pub capacity: u32,
    /// Two bits a seat.
    pub states: Vec<u8>,
    /// Capacity, held and sold of each area.
    pub areas: HashMap<AreaNumber, [u32; 3]>,
}

/// A concert in one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The epoch that the concert was loaded in; none while it is not loaded.
    pub epoch: Option<Epoch>,
    /// The epoch that the partition is in; none when Redis has lost it.
    pub partition_epoch: Option<Epoch>,
    /// The last position of the partition's log.
    pub position: Position,
    /// The time by Redis's clock, in ms.
    pub now_ms: i64,
    /// Everything, if it was asked for and the concert is loaded.
    pub whole: Option<Whole>,
    /// What was seen of each suspect, in their order.
    pub looked: Vec<Looked>,
}

impl Inventory {
    /// Looks at a concert in one moment: at suspects, at most [`SUSPECTS_PER_LOOK_MAX`], and at all
    /// states and areas if `whole`. Needs no verified Redis, because it changes nothing.
    ///
    /// # Errors
    /// When Redis does not answer, or has something there that cannot be read.
    pub async fn look(
        &self,
        partition: u16,
        keys: &ConcertKeys,
        whole: bool,
        suspects: &[Suspect],
    ) -> Result<Moment, InventoryError> {
        assert!(suspects.len() <= SUSPECTS_PER_LOOK_MAX, "{} suspects", suspects.len());
        let mut command = redis::cmd("EVAL_RO");
        command.arg(look_source()).arg(keys.scripted().len() + 1).arg(keys.scripted());
        command.arg(PartitionKeys::new(partition).epoch);
        command.arg(keys.concert.0.as_bytes()).arg(if whole { "1" } else { "0" });
        command.arg(suspects.iter().map(pack_suspect).collect::<Vec<_>>());
        let mut connection = self.pool.get().await?;
        let reply: Vec<Value> = command.query_async(&mut connection).await?;
        read_moment(keys.concert, reply, whole, suspects)
    }
}

fn pack_suspect(suspect: &Suspect) -> Vec<u8> {
    match suspect {
        Suspect::Seat(seat) => [b"s".as_slice(), &seat.0.to_be_bytes()].concat(),
        Suspect::Owner(user) => [b"o".as_slice(), user.0.as_bytes()].concat(),
        Suspect::Reservation(id, areas) => {
            let mut packed = [b"r".as_slice(), id.0.as_bytes()].concat();
            areas.iter().for_each(|area| packed.extend(area.0.to_be_bytes()));
            packed
        }
    }
}

fn read_moment(
    concert: ConcertId,
    reply: Vec<Value>,
    whole: bool,
    suspects: &[Suspect],
) -> Result<Moment, InventoryError> {
    let mut fields = reply.into_iter();
    let epoch: Option<u32> = next(&mut fields)?;
    let partition_epoch: Option<u32> = next(&mut fields)?;
    let position: String = next(&mut fields)?;
    let position = position.parse::<Position>();
    let now_ms = next(&mut fields)?;
    let capacity: Option<u32> = next(&mut fields)?;
    let states: Option<Vec<u8>> = next(&mut fields)?;
    let areas: HashMap<u16, Vec<u8>> = next(&mut fields)?;
    let areas = areas.iter().map(|(area, counts)| Ok((AreaNumber(*area), read_counts(counts)?)));
    let areas = areas.collect::<Result<_, InventoryError>>()?;
    let read_one = |suspect| read_looked(concert, suspect, next(&mut fields)?);
    let looked = suspects.iter().map(read_one).collect::<Result<_, _>>()?;
    let seen = || Whole {
        capacity: capacity.unwrap_or_default(),
        states: states.unwrap_or_default(),
        areas,
    };
    Ok(Moment {
        epoch: epoch.map(Epoch),
        partition_epoch: partition_epoch.map(Epoch),
        position: position.map_err(|error| InventoryError::Unreadable(error.to_string()))?,
        now_ms,
        whole: (whole && epoch.is_some()).then(seen),
        looked,
    })
}

fn read_looked(
    concert: ConcertId,
    suspect: &Suspect,
    value: Value,
) -> Result<Looked, InventoryError> {
    Ok(match suspect {
        Suspect::Seat(seat) => Looked::Seat(read_seat(concert, *seat, value)?),
        Suspect::Owner(_) => {
            let (entries, records): (Vec<u8>, Vec<Option<Vec<u8>>>) = typed(value)?;
            let entries = read_owned(&entries)?;
            let read = |(owned, packed): (Owned, Option<Vec<u8>>)| {
                (owned, read_record(concert, owned.id, packed))
            };
            Looked::Owner(entries.into_iter().zip(records).map(read).collect())
        }
        Suspect::Reservation(id, _) => read_reservation(concert, *id, value)?,
    })
}

fn read_reservation(
    concert: ConcertId,
    id: ReservationId,
    value: Value,
) -> Result<Looked, InventoryError> {
    type Fields = (Option<Vec<u8>>, Option<f64>, Option<Vec<u8>>, Vec<Value>, Vec<Value>);
    let (packed, deadline, entries, seats, holds): Fields = typed(value)?;
    let mut seats = seats.into_iter();
    let mut read_seats = Vec::with_capacity(seats.len() / 2);
    while let Some(seat) = seats.next() {
        let seat = SeatNumber(typed(seat)?);
        read_seats.push(read_seat(concert, seat, seats.next().unwrap_or(Value::Nil))?);
    }
    let mut holds = holds.into_iter();
    let mut read_holds = Vec::with_capacity(holds.len() / 2);
    while let Some(area) = holds.next() {
        let (area, score): (u16, Option<f64>) = (typed(area)?, next(&mut holds)?);
        read_holds.push((AreaNumber(area), score.map(deadline_of_score)));
    }
    Ok(Looked::Reservation {
        record: read_record(concert, id, packed),
        deadline_ms: deadline.map(|ms| ms as i64),
        owned: read_owned(&entries.unwrap_or_default())?,
        seats: read_seats,
        holds: read_holds,
    })
}

fn read_seat(
    concert: ConcertId,
    seat: SeatNumber,
    value: Value,
) -> Result<LookedSeat, InventoryError> {
    let (state, holder, packed): (u8, Vec<u8>, Option<Vec<u8>>) = typed(value)?;
    let holder = ReservationId(Uuid::from_slice(&holder).unwrap_or_default());
    let state = SeatState::from_bits(state);
    Ok(LookedSeat { seat, state, holder, record: read_record(concert, holder, packed) })
}

pub(super) fn read_record(
    concert: ConcertId,
    id: ReservationId,
    packed: Option<Vec<u8>>,
) -> Option<Record> {
    packed.map(|packed| unpack_record(concert, id, &packed).map_err(|error| error.to_string()))
}

/// Reads a user's list.
pub(super) fn read_owned(entries: &[u8]) -> Result<Vec<Owned>, InventoryError> {
    let read = |entry| {
        let mut reader = Reader::new(entry);
        let id = ReservationId(reader.uuid()?);
        let places = reader.u16()?;
        let deadline_ms = i64::from_be_bytes(reader.take()?);
        Ok(Owned { id, places, deadline_ms })
    };
    entries.chunks(OWNED_BYTES).map(read).collect()
}

/// An area's holds are ordered by one score, which has the area above 42 bits of the deadline.
pub(super) fn deadline_of_score(score: f64) -> i64 {
    score as i64 & ((1 << 42) - 1)
}

fn read_counts(packed: &[u8]) -> Result<[u32; 3], InventoryError> {
    let mut reader = Reader::new(packed);
    Ok([reader.u32()?, reader.u32()?, reader.u32()?])
}

fn next<T: FromRedisValue>(fields: &mut impl Iterator<Item = Value>) -> Result<T, InventoryError> {
    typed(fields.next().unwrap_or(Value::Nil))
}

fn typed<T: FromRedisValue>(value: Value) -> Result<T, InventoryError> {
    Ok(redis::from_redis_value(value).map_err(RedisError::from)?)
}
