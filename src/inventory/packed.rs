//! The packed forms that scripts and Rust share: reservation records and log entries.
//!
//! Integers are big-endian. `lua/prelude.lua` has the same layout in `struct` notation, and
//! the tests in `tests/integration/scripts/` hold the two against each other.

mod command;
mod event;
mod record;

use jiff::Timestamp;
use uuid::Uuid;

pub use command::{PackedCommand, Verb};
pub use event::unpack_event;
use record::{append_counts, append_lines};
pub use record::{pack_record, unpack_record};

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

    /// The next bytes, as many as asked for.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], PackedError> {
        let field = self.bytes.get(self.at..).and_then(|rest| rest.get(..count));
        self.at += count;
        field.ok_or(PackedError::Short(self.bytes.len()))
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn end(self) -> Result<(), PackedError> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            left => Err(PackedError::Long(left)),
        }
    }
}
