//! Commands, as the scripts of their verbs take them.

use super::{append_counts, append_lines};
use crate::domain::ids::ReservationId;
use crate::inventory::commands::{Change, Confirm, Own, Reserve};

/// What people do with reservations: each is a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Hold seats and places.
    Reserve,
    /// Give a hold other seats and places.
    Change,
    /// Turn a hold into a sale.
    Confirm,
    /// Give a hold back.
    Release,
    /// Prolong a hold.
    Extend,
    /// Give a sale back.
    Cancel,
}

impl Verb {
    /// A name for metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Change => "change",
            Self::Confirm => "confirm",
            Self::Release => "release",
            Self::Extend => "extend",
            Self::Cancel => "cancel",
        }
    }

    /// Whether its script claims seats, and so has to be told how long the log may be.
    pub(in crate::inventory) fn claims(self) -> bool {
        matches!(self, Self::Reserve | Self::Change)
    }
}

/// A command, ready to be sent.
#[derive(Clone, Debug)]
pub struct PackedCommand {
    /// What is to be done.
    pub verb: Verb,
    /// The reservation that it is about.
    pub id: ReservationId,
    /// What its script takes.
    pub bytes: Vec<u8>,
}

impl From<&Reserve> for PackedCommand {
    fn from(command: &Reserve) -> Self {
        let mut bytes = Vec::with_capacity(48 + 8 * command.lines.places() as usize);
        bytes.extend(command.id.0.as_bytes());
        bytes.extend(command.user.0.as_bytes());
        bytes.extend(command.concert_version.to_be_bytes());
        bytes.extend(command.fingerprint);
        append_counts(&mut bytes, &command.lines);
        append_lines(&mut bytes, &command.lines);
        Self { verb: Verb::Reserve, id: command.id, bytes }
    }
}

impl From<&Change> for PackedCommand {
    fn from(command: &Change) -> Self {
        let mut packed = command.own.packed(Verb::Change);
        packed.bytes.extend(command.concert_version.to_be_bytes());
        append_counts(&mut packed.bytes, &command.lines);
        append_lines(&mut packed.bytes, &command.lines);
        packed
    }
}

impl From<&Confirm> for PackedCommand {
    fn from(command: &Confirm) -> Self {
        let mut packed = command.own.packed(Verb::Confirm);
        match &command.payment {
            None => packed.bytes.push(0),
            Some(payment) => {
                packed.bytes.push(if payment.honour_late { 2 } else { 1 });
                packed.bytes.extend(payment.total_minor.to_be_bytes());
                packed.bytes.extend(payment.reference.as_bytes());
            }
        }
        packed
    }
}

impl Own {
    /// Has it released, extended or cancelled; other verbs have more to say.
    pub fn packed(&self, verb: Verb) -> PackedCommand {
        let bytes = [*self.id.0.as_bytes(), *self.user.0.as_bytes()].concat();
        PackedCommand { verb, id: self.id, bytes }
    }
}
