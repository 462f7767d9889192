//! Places in a partition's log, and the epochs that number its rebuilds.

use std::fmt;
use std::str::FromStr;

/// The id of a log entry: Redis's stream id, which only ever rises within a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Milliseconds since 1970, by Redis's clock.
    pub ms: u64,
    /// Which entry within that millisecond.
    pub sequence: u64,
}

impl Position {
    /// Before every entry.
    pub const START: Self = Self { ms: 0, sequence: 0 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.sequence)
    }
}

/// The text is not `milliseconds-sequence`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a log position: expected MILLISECONDS-SEQUENCE")]
pub struct PositionError(String);

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('-').and_then(|(ms, sequence)| {
            Some(Self { ms: ms.parse().ok()?, sequence: sequence.parse().ok()? })
        });
        parts.ok_or_else(|| PositionError(text.to_owned()))
    }
}

/// How often a partition's state in Redis was rebuilt. A hold lives and dies within one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(pub u32);

impl Epoch {
    /// The epoch of a partition that was never rebuilt.
    pub const FIRST: Self = Self(1);

    /// The epoch after a rebuild.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_order_as_redis_orders_them() {
        let position = |text: &str| text.parse::<Position>().unwrap();
        assert!(position("9-5") < position("10-0"));
        assert!(position("10-9") < position("10-10"));
        assert_eq!(position("10-9").to_string(), "10-9");
        assert!("10".parse::<Position>().is_err());
    }
}
