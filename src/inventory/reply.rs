//! What scripts answer, decoded in this one place.

use jiff::Timestamp;
use redis::Value;

use super::InventoryError;
use super::packed::{Reader, unpack_record};
use crate::domain::area::{AreaLeft, AreaNumber};
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::Reservation;
use crate::domain::seat::SeatNumber;

/// The codes of `lua/prelude.lua`. Where several refusals apply, the lowest is the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Done,
    NotLoaded,
    WrongEpoch,
    NotFound,
    Replayed,
    KeyReused,
    StaleConcert,
    SaleOver,
    Paused,
    NotYetOpen,
    Backlogged,
    UserLimit,
    Unavailable,
    HoldExpired,
    WrongState,
    AlreadyExtended,
    TooLateToCancel,
    AmountMismatch,
    PaymentLate,
    BudgetSpent,
}

impl Code {
    const ALL: [Self; 20] = [
        Self::Done,
        Self::NotLoaded,
        Self::WrongEpoch,
        Self::NotFound,
        Self::Replayed,
        Self::KeyReused,
        Self::StaleConcert,
        Self::SaleOver,
        Self::Paused,
        Self::NotYetOpen,
        Self::Backlogged,
        Self::UserLimit,
        Self::Unavailable,
        Self::HoldExpired,
        Self::WrongState,
        Self::AlreadyExtended,
        Self::TooLateToCancel,
        Self::AmountMismatch,
        Self::PaymentLate,
        Self::BudgetSpent,
    ];

    pub(super) fn read(value: &Value) -> Result<Self, InventoryError> {
        let Value::Int(code) = value else {
            return Err(unreadable("a code", value));
        };
        let known = usize::try_from(*code).ok().and_then(|code| Self::ALL.get(code));
        known.copied().ok_or_else(|| unreadable("a known code", value))
    }
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The reservation as it now stands.
    pub reservation: Reservation,
    /// Whether an earlier command had done it already.
    pub replayed: bool,
}

/// What a batch of commands did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Position of the concert's last change; none while it is not loaded.
    pub position: Option<Position>,
    /// The time by Redis's clock.
    pub now: Timestamp,
    /// One outcome a command, in the order of the commands.
    pub outcomes: Vec<Result<Done, Refusal>>,
}

impl Reply {
    /// Reads `{position, now, code, detail, …}` as the answer to commands with these ids.
    pub(super) fn read(
        value: Value,
        concert: ConcertId,
        ids: &[ReservationId],
    ) -> Result<Self, InventoryError> {
        let Value::Array(fields) = value else {
            return Err(unreadable("an array", &value));
        };
        let [position, now, outcomes @ ..] = fields.as_slice() else {
            return Err(InventoryError::Unreadable("a reply without position".into()));
        };
        if outcomes.len() != 2 * ids.len() {
            let reason = format!("{} fields for {} commands", outcomes.len(), ids.len());
            return Err(InventoryError::Unreadable(reason));
        }
        let outcomes = outcomes.chunks_exact(2).zip(ids);
        let outcomes = outcomes.map(|(outcome, id)| {
            let code = Code::read(&outcome[0])?;
            read_outcome(code, bytes(&outcome[1])?, concert, *id)
        });
        Ok(Self {
            position: read_position(position)?,
            now: read_time(now)?,
            outcomes: outcomes.collect::<Result<_, _>>()?,
        })
    }
}

fn read_outcome(
    code: Code,
    detail: &[u8],
    concert: ConcertId,
    id: ReservationId,
) -> Result<Result<Done, Refusal>, InventoryError> {
    let record = || unpack_record(concert, id, detail).map_err(unpackable);
    let refusal = match code {
        Code::Done => {
            return Ok(Ok(Done { reservation: record()?, replayed: false }));
        }
        Code::Replayed => {
            return Ok(Ok(Done { reservation: record()?, replayed: true }));
        }
        Code::NotLoaded => Refusal::NotLoaded,
        Code::WrongEpoch => Refusal::WrongEpoch,
        Code::NotFound => Refusal::NotFound,
        Code::KeyReused => Refusal::KeyReused,
        Code::StaleConcert => Refusal::StaleConcert,
        Code::SaleOver => Refusal::SaleOver,
        Code::Paused => Refusal::Paused,
        Code::NotYetOpen => {
            Refusal::NotYetOpen { opens_at: Reader::new(detail).timestamp("opens_at")? }
        }
        Code::Backlogged => Refusal::Backlogged,
        Code::UserLimit => {
            let mut detail = Reader::new(detail);
            Refusal::UserLimit { owned: detail.u32()?, limit: detail.u32()? }
        }
        Code::Unavailable => read_unavailable(detail)?,
        Code::HoldExpired => Refusal::HoldExpired,
        Code::WrongState => Refusal::WrongState { state: record()?.state },
        Code::AlreadyExtended => Refusal::AlreadyExtended { deadline: record()?.deadline },
        Code::TooLateToCancel => Refusal::TooLateToCancel,
        Code::AmountMismatch => {
            Refusal::AmountMismatch { total_minor: record()?.lines.total_minor() }
        }
        Code::BudgetSpent => {
            Refusal::BudgetSpent { again_at: Reader::new(detail).timestamp("again_at")? }
        }
        Code::PaymentLate => Refusal::PaymentLate { still_free: Reader::new(detail).byte()? == 1 },
    };
    Ok(Err(refusal))
}

fn read_unavailable(detail: &[u8]) -> Result<Refusal, InventoryError> {
    let mut reader = Reader::new(detail);
    let (mut seats, mut areas) = (Vec::new(), Vec::new());
    for _ in 0..reader.u16()? {
        seats.push(SeatNumber(reader.u32()?));
    }
    while !reader.is_at_end() {
        areas.push(AreaLeft { area: AreaNumber(reader.u16()?), left: reader.u32()? });
    }
    Ok(Refusal::Unavailable { seats, areas })
}

pub(super) fn bytes(value: &Value) -> Result<&[u8], InventoryError> {
    match value {
        Value::BulkString(bytes) => Ok(bytes),
        other => Err(unreadable("a string", other)),
    }
}

/// Reads a position; the empty string is none.
pub(super) fn read_position(value: &Value) -> Result<Option<Position>, InventoryError> {
    let text = String::from_utf8_lossy(bytes(value)?);
    if text.is_empty() {
        return Ok(None);
    }
    let position = text.parse::<Position>();
    position.map(Some).map_err(|error| InventoryError::Unreadable(error.to_string()))
}

pub(super) fn read_time(value: &Value) -> Result<Timestamp, InventoryError> {
    let Value::Int(ms) = value else {
        return Err(unreadable("a time", value));
    };
    Timestamp::from_millisecond(*ms).map_err(|_| unreadable("a time", value))
}

fn unreadable(expected: &str, value: &Value) -> InventoryError {
    InventoryError::Unreadable(format!("expected {expected}, got {value:?}"))
}

pub(super) fn unpackable(error: super::packed::PackedError) -> InventoryError {
    InventoryError::Unreadable(error.to_string())
}

impl From<super::packed::PackedError> for InventoryError {
    fn from(error: super::packed::PackedError) -> Self {
        unpackable(error)
    }
}
