//! The packed forms that scripts and Rust share: reservation records and log entries.
//!
//! Integers are big-endian. `lua/prelude.lua` has the same layout in `struct` notation, and
//! the tests in `tests/integration/scripts/` hold the two against each other.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::log_entry::{LogEvent, Verb};
use crate::domain::reservation::{Cause, Reservation, SeatLine, State};
use crate::domain::seat::SeatNumber;

/// Bytes that are not what they should be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackedError {
    /// The bytes end too early.
    #[error("the bytes end after {0}")]
    Short(usize),
    /// A field has a value that nothing writes.
    #[error("{field} is {value}")]
    Value {
        /// Which field.
        field: &'static str,
        /// What it has.
        value: i64,
    },
    /// There are bytes left over.
    #[error("{0} bytes are left over")]
    Long(usize),
}

/// Reads fields one after the other.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], PackedError> {
        let field = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>());
        self.at += N;
        field.copied().ok_or(PackedError::Short(self.bytes.len()))
    }

    pub(super) fn byte(&mut self) -> Result<u8, PackedError> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, PackedError> {
        self.take().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, PackedError> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn uuid(&mut self) -> Result<Uuid, PackedError> {
        self.take().map(Uuid::from_bytes)
    }

    pub(super) fn timestamp(&mut self, field: &'static str) -> Result<Timestamp, PackedError> {
        let ms = self.take().map(i64::from_be_bytes)?;
        Timestamp::from_millisecond(ms).map_err(|_| PackedError::Value { field, value: ms })
    }

    pub(super) fn end(self) -> Result<(), PackedError> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            left => Err(PackedError::Long(left)),
        }
    }
}

/// Packs a reservation as `reservations` and the log have it.
pub fn pack_record(reservation: &Reservation) -> Vec<u8> {
    let ms = |timestamp: Timestamp| timestamp.as_millisecond().to_be_bytes();
    let mut bytes = Vec::with_capacity(66 + 8 * reservation.seats.len());
    bytes.extend([reservation.state as u8, reservation.cause as u8, reservation.extended.into()]);
    bytes.extend(reservation.version.to_be_bytes());
    bytes.extend(reservation.user.0.as_bytes());
    bytes.extend(reservation.fingerprint);
    bytes.extend(ms(reservation.held_at));
    bytes.extend(ms(reservation.deadline));
    bytes.extend(reservation.confirmed_at.map_or([0; 8], ms));
    bytes.extend(ms(reservation.changed_at));
    bytes.extend((reservation.seats.len() as u16).to_be_bytes());
    pack_lines(&mut bytes, &reservation.seats);
    bytes
}

/// Appends seats with their prices, as records and commands have them.
pub(super) fn pack_lines(bytes: &mut Vec<u8>, lines: &[SeatLine]) {
    for line in lines {
        bytes.extend(line.seat.0.to_be_bytes());
        bytes.extend(line.price_minor.to_be_bytes());
    }
}

/// Reads a packed record.
///
/// # Errors
/// [`PackedError`] when the bytes are not a record.
pub fn unpack_record(
    concert: ConcertId,
    id: ReservationId,
    bytes: &[u8],
) -> Result<Reservation, PackedError> {
    let mut reader = Reader::new(bytes);
    let reservation = read_record(concert, id, &mut reader)?;
    reader.end()?;
    Ok(reservation)
}

fn read_record(
    concert: ConcertId,
    id: ReservationId,
    reader: &mut Reader<'_>,
) -> Result<Reservation, PackedError> {
    let state = read_state(reader.byte()?)?;
    let cause = read_cause(reader.byte()?)?;
    let extended = reader.byte()? == 1;
    let version = reader.u32()?;
    let user = UserId(reader.uuid()?);
    let fingerprint = reader.take()?;
    let held_at = reader.timestamp("held_at")?;
    let deadline = reader.timestamp("deadline")?;
    let confirmed_at = reader.timestamp("confirmed_at")?;
    let confirmed_at = (confirmed_at != Timestamp::UNIX_EPOCH).then_some(confirmed_at);
    let changed_at = reader.timestamp("changed_at")?;
    let mut seats = Vec::new();
    for _ in 0..reader.u16()? {
        seats.push(SeatLine { seat: SeatNumber(reader.u32()?), price_minor: reader.u32()? });
    }
    Ok(Reservation {
        id,
        concert,
        user,
        state,
        cause,
        extended,
        version,
        fingerprint,
        held_at,
        deadline,
        confirmed_at,
        changed_at,
        seats,
    })
}

/// Reads a packed log entry; what cannot be read is said, not dropped.
pub fn unpack_event(bytes: &[u8]) -> LogEvent {
    read_event(bytes).unwrap_or_else(|error| LogEvent::Unreadable {
        bytes: bytes.to_vec(),
        reason: error.to_string(),
    })
}

fn read_event(bytes: &[u8]) -> Result<LogEvent, PackedError> {
    let mut reader = Reader::new(bytes);
    let verb = match reader.byte()? {
        0 => return Ok(LogEvent::Marker),
        1 => Verb::Reserved,
        2 => Verb::Confirmed,
        3 => Verb::Released,
        4 => Verb::Cancelled,
        5 => Verb::Extended,
        6 => Verb::Expired,
        value => {
            return Err(PackedError::Value { field: "verb", value: value.into() });
        }
    };
    let concert = ConcertId(reader.uuid()?);
    let id = ReservationId(reader.uuid()?);
    let reservation = read_record(concert, id, &mut reader)?;
    reader.end()?;
    Ok(LogEvent::Changed(verb, reservation))
}

fn read_state(byte: u8) -> Result<State, PackedError> {
    Ok(match byte {
        1 => State::Held,
        2 => State::Confirmed,
        3 => State::Cancelled,
        4 => State::Released,
        5 => State::Expired,
        value => {
            return Err(PackedError::Value { field: "state", value: value.into() });
        }
    })
}

fn read_cause(byte: u8) -> Result<Cause, PackedError> {
    Ok(match byte {
        1 => Cause::User,
        2 => Cause::Overdue,
        3 => Cause::Displaced,
        4 => Cause::Conflict,
        value => {
            return Err(PackedError::Value { field: "cause", value: value.into() });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reservation() -> Reservation {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        Reservation {
            id: ReservationId::new(),
            concert: ConcertId::new(),
            user: UserId::new(),
            state: State::Confirmed,
            cause: Cause::User,
            extended: true,
            version: 3,
            fingerprint: *b"12345678",
            held_at: at(1_700_000_000_000),
            deadline: at(1_700_000_420_000),
            confirmed_at: Some(at(1_700_000_001_000)),
            changed_at: at(1_700_000_001_000),
            seats: vec![SeatLine { seat: SeatNumber(7), price_minor: 4_500 }],
        }
    }

    #[test]
    fn a_record_reads_as_it_was_packed() {
        let reservation = reservation();
        let packed = pack_record(&reservation);
        let read = unpack_record(reservation.concert, reservation.id, &packed);
        assert_eq!(read, Ok(reservation));
    }

    #[test]
    fn bytes_that_are_cut_or_left_over_are_refused() {
        let reservation = reservation();
        let mut packed = pack_record(&reservation);
        for end in 0..packed.len() {
            let read = unpack_record(reservation.concert, reservation.id, &packed[..end]);
            assert_eq!(read, Err(PackedError::Short(end)));
        }
        packed.push(0);
        let read = unpack_record(reservation.concert, reservation.id, &packed);
        assert_eq!(read, Err(PackedError::Long(1)));
    }
}
