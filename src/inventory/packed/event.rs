//! Log entries.

use super::record::{read_lines, read_record};
use super::{PackedError, Reader};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::lines::Lines;
use crate::domain::log_entry::{Blocking, Change, LogEvent, Verb};
use crate::domain::seat::SeatNumber;

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
        7 => Verb::Changed,
        8 => return read_blocking(reader, true),
        9 => return read_blocking(reader, false),
        value => {
            return Err(PackedError::Value { field: "verb", value: value.into() });
        }
    };
    let concert = ConcertId(reader.uuid()?);
    let id = ReservationId(reader.uuid()?);
    let reservation = read_record(concert, id, &mut reader)?;
    let dropped = match verb {
        Verb::Changed => read_lines(&mut reader)?,
        _ => Lines::default(),
    };
    reader.end()?;
    Ok(LogEvent::Changed(Change { verb, reservation, dropped }))
}

fn read_blocking(mut reader: Reader<'_>, blocked: bool) -> Result<LogEvent, PackedError> {
    let concert = ConcertId(reader.uuid()?);
    let actor = UserId(reader.uuid()?);
    let at = reader.timestamp("at")?;
    let mut seats = Vec::new();
    for _ in 0..reader.u32()? {
        seats.push(SeatNumber(reader.u32()?));
    }
    reader.end()?;
    Ok(LogEvent::Blocking(Blocking { concert, seats, blocked, actor, at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_a_block_reads_as_a_script_packs_it_and_is_refused_when_cut() {
        let (concert, actor) = (ConcertId::new(), UserId::new());
        let mut bytes = vec![8];
        bytes.extend(concert.0.as_bytes());
        bytes.extend(actor.0.as_bytes());
        bytes.extend(1_700_000_000_000_i64.to_be_bytes());
        bytes.extend(2_u32.to_be_bytes());
        bytes.extend([3_u32.to_be_bytes(), 70_000_u32.to_be_bytes()].concat());
        let at = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        let seats = vec![SeatNumber(3), SeatNumber(70_000)];
        let expected = Blocking { concert, seats, blocked: true, actor, at };
        assert_eq!(unpack_event(&bytes), LogEvent::Blocking(expected));
        for end in 1..bytes.len() {
            assert!(matches!(unpack_event(&bytes[..end]), LogEvent::Unreadable { .. }));
        }
    }

    #[test]
    fn an_entry_of_a_verb_that_nobody_knows_is_kept_as_it_is() {
        let expected = LogEvent::Unreadable { bytes: vec![200], reason: "verb is 200".into() };
        assert_eq!(unpack_event(&[200]), expected);
    }
}
