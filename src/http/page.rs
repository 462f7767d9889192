//! Where a list goes on.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::ids::ConcertId;

/// The last item of a page, by what the list is sorted by. Opaque to callers, so that the order can
/// change without breaking them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub Timestamp, pub ConcertId);

impl Cursor {
    /// The place that a text names, if it names one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (microseconds, id) = bytes.split_first_chunk()?;
        let microseconds = i64::from_be_bytes(*microseconds);
        let time = Timestamp::from_microsecond(microseconds).ok()?;
        Some(Self(time, ConcertId(Uuid::from_slice(id).ok()?)))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.0.as_microsecond().to_be_bytes());
        bytes[8..].copy_from_slice(self.1.0.as_bytes());
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_taken_for_one() {
        let time = Timestamp::from_microsecond(1_790_000_000_123_456).unwrap();
        let cursor = Cursor(time, ConcertId::new());
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for other in ["", "abc", "é", &"A".repeat(31), &"A".repeat(33)] {
            assert_eq!(Cursor::parse(other), None, "{other}");
        }
    }
}
