//! Reservation records.

use jiff::Timestamp;

use super::{PackedError, Reader};
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::lines::{AreaLine, Lines, SeatLine};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::domain::seat::SeatNumber;

/// Packs a reservation as `reservations` and the log have it.
pub fn pack_record(reservation: &Reservation) -> Vec<u8> {
    let ms = |timestamp: Timestamp| timestamp.as_millisecond().to_be_bytes();
    let lines = &reservation.lines;
    let mut bytes = Vec::with_capacity(69 + 8 * (lines.seats.len() + lines.areas.len()));
    bytes.extend([reservation.state as u8, reservation.cause as u8, reservation.extended.into()]);
    bytes.extend(reservation.version.to_be_bytes());
    bytes.extend(reservation.user.0.as_bytes());
    bytes.extend(reservation.fingerprint);
    bytes.extend(ms(reservation.held_at));
    bytes.extend(ms(reservation.deadline));
    bytes.extend(reservation.confirmed_at.map_or([0; 8], ms));
    bytes.extend(ms(reservation.changed_at));
    append_counts(&mut bytes, lines);
    append_lines(&mut bytes, lines);
    let reference = reservation.payment_reference.as_bytes();
    bytes.push(reference.len() as u8);
    bytes.extend(reference);
    bytes
}

/// Appends how many seats and areas there are, as records, entries and commands have it.
pub(in crate::inventory) fn append_counts(bytes: &mut Vec<u8>, lines: &Lines) {
    bytes.extend((lines.seats.len() as u16).to_be_bytes());
    bytes.extend((lines.areas.len() as u16).to_be_bytes());
}

/// Appends seats and areas with their prices, eight bytes each.
pub(in crate::inventory) fn append_lines(bytes: &mut Vec<u8>, lines: &Lines) {
    for line in &lines.seats {
        bytes.extend(line.seat.0.to_be_bytes());
        bytes.extend(line.price_minor.to_be_bytes());
    }
    for line in &lines.areas {
        bytes.extend(line.area.0.to_be_bytes());
        bytes.extend(line.quantity.to_be_bytes());
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

/// Reads a record that other fields may follow.
pub(super) fn read_record(
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
    let lines = read_lines(reader)?;
    let length = reader.byte()?;
    let reference = reader.bytes(length.into())?.to_vec();
    let field = "the first byte of a payment reference that is not UTF-8";
    let payment_reference = String::from_utf8(reference)
        .map_err(|error| PackedError::Value { field, value: error.as_bytes()[0].into() })?;
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
        lines,
        payment_reference,
    })
}

/// Reads counts, and as many seats and areas.
pub(super) fn read_lines(reader: &mut Reader<'_>) -> Result<Lines, PackedError> {
    let (seats, areas) = (reader.u16()?, reader.u16()?);
    let mut lines = Lines::default();
    for _ in 0..seats {
        lines.seats.push(SeatLine { seat: SeatNumber(reader.u32()?), price_minor: reader.u32()? });
    }
    for _ in 0..areas {
        lines.areas.push(AreaLine {
            area: AreaNumber(reader.u16()?),
            quantity: reader.u16()?,
            price_minor: reader.u32()?,
        });
    }
    Ok(lines)
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
        5 => Cause::Organiser,
        6 => Cause::Merchant,
        7 => Cause::Refused,
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
            cause: Cause::Merchant,
            extended: true,
            version: 3,
            fingerprint: *b"12345678",
            held_at: at(1_700_000_000_000),
            deadline: at(1_700_000_420_000),
            confirmed_at: Some(at(1_700_000_001_000)),
            changed_at: at(1_700_000_001_000),
            lines: Lines {
                seats: vec![SeatLine { seat: SeatNumber(7), price_minor: 4_500 }],
                areas: vec![AreaLine { area: AreaNumber(1), quantity: 3, price_minor: 2_000 }],
            },
            payment_reference: "pay-é-1".to_owned(),
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
