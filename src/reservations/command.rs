//! What a person can ask for.

use jiff::Timestamp;

use crate::domain::concert::{Concert, SaleState};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::Fingerprint;
use crate::domain::selection::Selection;
use crate::inventory::commands::{Change, Confirm, Own, PackedCommand, Reserve, Verb};

/// One thing to be done with seats.
pub(super) enum Command {
    Reserve(Claim),
    Change(Exchange),
    Confirm(Confirm),
    Release(Own),
    Extend(Own),
    Cancel(Own),
}

/// Seats and places that somebody wants.
pub(super) struct Claim {
    pub id: ReservationId,
    pub user: UserId,
    pub selection: Selection,
    /// A digest of what was asked for, if that was not these seats.
    pub asked: Option<Fingerprint>,
}

/// What somebody wants a hold to be instead.
pub(super) struct Exchange {
    pub own: Own,
    pub selection: Selection,
}

impl Command {
    /// The reservation that it is about.
    pub(super) fn id(&self) -> ReservationId {
        match self {
            Self::Reserve(claim) => claim.id,
            Self::Change(exchange) => exchange.own.id,
            Self::Confirm(confirm) => confirm.own.id,
            Self::Release(own) | Self::Extend(own) | Self::Cancel(own) => own.id,
        }
    }

    /// Who asks.
    pub(super) fn user(&self) -> UserId {
        match self {
            Self::Reserve(claim) => claim.user,
            Self::Change(exchange) => exchange.own.user,
            Self::Confirm(confirm) => confirm.own.user,
            Self::Release(own) | Self::Extend(own) | Self::Cancel(own) => own.user,
        }
    }

    /// Why it would be refused at a concert that is not loaded and never sold this reservation: the
    /// script's own reasons, in its order.
    pub(super) fn refused_unloaded(&self, concert: &Concert, now: Timestamp) -> Option<Refusal> {
        match self {
            Self::Reserve(_) => refused_by_sale(concert, now),
            Self::Change(_)
            | Self::Confirm(_)
            | Self::Release(_)
            | Self::Extend(_)
            | Self::Cancel(_) => Some(Refusal::NotFound),
        }
    }

    /// Which verb it is.
    pub(super) fn verb(&self) -> Verb {
        match self {
            Self::Reserve(_) => Verb::Reserve,
            Self::Confirm(_) => Verb::Confirm,
            Self::Change(_) => Verb::Change,
            Self::Release(_) => Verb::Release,
            Self::Extend(_) => Verb::Extend,
            Self::Cancel(_) => Verb::Cancel,
        }
    }

    /// The command as Redis takes it, claims at the prices that the concert has now.
    pub(super) fn packed(&self, performance: &Performance) -> PackedCommand {
        match self {
            Self::Reserve(claim) => (&claim.priced(performance)).into(),
            Self::Change(change) => (&change.priced(performance)).into(),
            Self::Confirm(confirm) => confirm.into(),
            Self::Release(own) | Self::Extend(own) | Self::Cancel(own) => own.packed(self.verb()),
        }
    }
}

/// Why nobody can claim seats of a concert now.
pub(super) fn refused_by_sale(concert: &Concert, now: Timestamp) -> Option<Refusal> {
    match concert.sale_state(now) {
        SaleState::Open => None,
        SaleState::Closed => Some(Refusal::SaleOver),
        SaleState::Paused => Some(Refusal::Paused),
        SaleState::Scheduled => Some(Refusal::NotYetOpen { opens_at: concert.sale.opens_at }),
    }
}

impl Claim {
    /// The claim at the prices that the concert has now. They are captured with the hold, and the
    /// concert's version goes along so that prices which have changed meanwhile are noticed.
    fn priced(&self, performance: &Performance) -> Reserve {
        Reserve {
            id: self.id,
            user: self.user,
            concert_version: performance.concert.version,
            fingerprint: self.asked.unwrap_or_else(|| self.selection.fingerprint()),
            lines: performance.price(&self.selection),
        }
    }
}

impl Exchange {
    /// The exchange at the prices that the concert has now, which hold for what is added.
    fn priced(&self, performance: &Performance) -> Change {
        Change {
            own: self.own,
            concert_version: performance.concert.version,
            lines: performance.price(&self.selection),
        }
    }
}
