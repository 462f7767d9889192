//! Where a list goes on.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::limits::{CONCERT_YEAR_MAX, CONCERT_YEAR_MIN};
use crate::domain::listing::Order;
use crate::domain::position::Position;

/// The last item of a page, by what the list is sorted by. Opaque to callers, so that the order can
/// change without breaking them.
pub trait Place: Sized {
    /// All of it, in bytes.
    fn to_bytes(&self) -> Vec<u8>;

    /// The place that bytes are, if they are one.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;

    /// The place that a text names, if it names one.
    fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    /// The text that names it.
    fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.to_bytes())
    }
}

/// A concert, by when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub Timestamp, pub ConcertId);

impl Place for Cursor {
    fn to_bytes(&self) -> Vec<u8> {
        [&self.0.as_microsecond().to_be_bytes()[..], self.1.0.as_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (microseconds, id) = bytes.split_first_chunk()?;
        let microseconds = i64::from_be_bytes(*microseconds);
        let time = Timestamp::from_microsecond(microseconds).ok()?;
        // PostgreSQL knows fewer years than we do, and no concert is in any other.
        let year = time.to_zoned(TimeZone::UTC).year();
        if !(CONCERT_YEAR_MIN..=CONCERT_YEAR_MAX).contains(&year) {
            return None;
        }
        Some(Self(time, ConcertId(Uuid::from_slice(id).ok()?)))
    }
}

/// A concert, by what a list of concerts is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed(pub Order, pub Cursor);

impl Place for Listed {
    // A byte longer where concerts are sorted by when their sale opens.
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self(Order::Start, place) => place.to_bytes(),
            Self(Order::Opening, place) => [&b"o"[..], &place.to_bytes()].concat(),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match Cursor::from_bytes(bytes) {
            Some(place) => Some(Self(Order::Start, place)),
            None => Some(Self(Order::Opening, Cursor::from_bytes(bytes.strip_prefix(b"o")?)?)),
        }
    }
}

/// A reservation, by when it was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought(pub Timestamp, pub ReservationId);

impl Place for Bought {
    fn to_bytes(&self) -> Vec<u8> {
        Cursor(self.0, ConcertId(self.1.0)).to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Cursor::from_bytes(bytes).map(|Cursor(time, id)| Self(time, ReservationId(id.0)))
    }
}

impl Place for Uuid {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

impl Place for i64 {
    fn to_bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Place for Position {
    fn to_bytes(&self) -> Vec<u8> {
        [self.ms.to_be_bytes(), self.sequence.to_be_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (ms, sequence) = bytes.split_first_chunk()?;
        let (ms, sequence) = (u64::from_be_bytes(*ms), sequence.try_into().ok()?);
        let sequence = u64::from_be_bytes(sequence);
        // PostgreSQL's numbers end there, and no clock comes near.
        let fits = |number| i64::try_from(number).is_ok();
        (fits(ms) && fits(sequence)).then_some(Self { ms, sequence })
    }
}

/// The `Link` to the next page of a list: `path` has everything but where it goes on.
pub fn next_link(path: &str, cursor: Option<&str>, limit: u32) -> Option<String> {
    let and = if path.contains('?') { '&' } else { '?' };
    cursor.map(|cursor| format!("<{path}{and}limit={limit}&cursor={cursor}>; rel=\"next\""))
}

/// The same as a header.
pub fn next_page(path: &str, cursor: Option<&str>, limit: u32) -> HeaderMap {
    let link = next_link(path, cursor, limit).and_then(|link| link.parse().ok());
    link.map(|link| (header::LINK, link)).into_iter().collect()
}

/// A text as it stands in an address.
pub fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape =
        |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

/// Takes the one item too many off a list that was asked for one more than a page has; the place of
/// the last that is left then, because the list goes on.
pub fn turn<T, P: Place>(
    items: &mut Vec<T>,
    limit: u32,
    place: impl Fn(&T) -> P,
) -> Option<String> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    last.map(|last| place(last).text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_taken_for_one() {
        let time = Timestamp::from_microsecond(1_790_000_000_123_456).unwrap();
        let cursor = Cursor(time, ConcertId::new());
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        for other in ["", "abc", "é", &"A".repeat(31), &"A".repeat(33)] {
            assert_eq!(Cursor::parse(other), None, "{other}");
        }
        for listed in [Listed(Order::Start, cursor), Listed(Order::Opening, cursor)] {
            assert_eq!(Listed::parse(&listed.text()), Some(listed));
        }
        for year in [-211_813_488_000_000_000, 0, 32_535_216_000_000_000] {
            let cursor = Cursor(Timestamp::from_microsecond(year).unwrap(), ConcertId::new());
            assert_eq!(Cursor::parse(&cursor.text()), None, "no concert is in {}", cursor.0);
        }
        let position = Position { ms: 1_790_000_000_123, sequence: 7 };
        assert_eq!(Position::parse(&position.text()), Some(position));
        assert_eq!(Position::parse(&Position { ms: u64::MAX, sequence: 0 }.text()), None);
        assert_eq!(i64::parse(&7_i64.text()), Some(7));
        assert_eq!(i64::parse("AAAA"), None);
        assert_eq!(Uuid::parse(&Uuid::max().text()), Some(Uuid::max()));
    }

    #[test]
    fn a_list_goes_on_only_if_there_is_more() {
        let mut items = vec![1_i64, 2, 3];
        assert_eq!(turn(&mut items, 2, |item| *item), Some(2_i64.text()));
        assert_eq!(turn(&mut items, 2, |item| *item), None);
        assert_eq!(items, [1, 2]);
        let link = next_page("/v1/things?state=sold", Some("abc"), 2);
        let expected = "</v1/things?state=sold&limit=2&cursor=abc>; rel=\"next\"";
        assert_eq!(link["link"], expected);
        assert!(next_page("/v1/things", None, 2).is_empty());
    }
}
