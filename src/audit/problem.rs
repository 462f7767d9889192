//! What can be wrong, and with what.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::area::AreaNumber;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::seat::SeatNumber;
use crate::inventory::repair::Repair;

/// A contradiction that stood in one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of which kind.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// What is there and what should be, for a person.
    pub says: String,
    /// What would bring it back in step, where that is safe without a person.
    pub repair: Option<Repair>,
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The concert as a whole.
    Concert,
    /// A seat.
    Seat(SeatNumber),
    /// A reservation.
    Reservation(ReservationId),
    /// A user's list.
    Owner(UserId),
    /// A standing area.
    Area(AreaNumber),
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A seat is held, and no hold has it: nobody can buy it.
    HeldByNobody,
    /// A seat is sold, and no sale has it.
    SoldToNobody,
    /// A seat is sold in Redis, and PostgreSQL with what is on its way there does not have the sale.
    SoldInRedisOnly,
    /// PostgreSQL has a sale that Redis does not: the seat could be sold again.
    SoldInPostgresqlOnly,
    /// Redis and PostgreSQL have sold a seat to different reservations.
    SoldToTwo,
    /// Two reservations that live have the same seat.
    SeatInTwoReservations,
    /// A reservation that lives has a seat whose state is another.
    SeatNotKept,
    /// A reservation is sold in both stores, and not alike.
    SaleDiffers,
    /// A seat is kept back in one store only.
    BlockedDiffers,
    /// A reservation that lives is not in its owner's list as it is.
    OwnerListDiffers,
    /// An owner's list has a reservation that does not live.
    OwnerListLeft,
    /// A hold will not be ended by the sweeper, because it does not know of it.
    DeadlineMissing,
    /// A hold that ended will never be forgotten.
    NeverForgotten,
    /// A hold is not in the order of its area's holds: a claim would not find it when it is overdue.
    AreaHoldMissing,
    /// The order of an area's holds has one that is no hold there.
    AreaHoldLeft,
    /// An area's counts are not what its reservations add up to.
    AreaCountsDiffer,
    /// PostgreSQL's count of an area is not what its sales add up to, or Redis's sales there.
    AreaSalesDiffer,
    /// Redis believes in another house than PostgreSQL.
    CapacityDiffers,
    /// A record cannot be read.
    RecordUnreadable,
    /// A sale that lost its seats to another still stands.
    ConflictOpen,
    /// An entry of the log was not applied and waits for a person.
    DeadLetter,
}

impl Kind {
    /// Its name in reports and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::HeldByNobody => "held_by_nobody",
            Self::SoldToNobody => "sold_to_nobody",
            Self::SoldInRedisOnly => "sold_in_redis_only",
            Self::SoldInPostgresqlOnly => "sold_in_postgresql_only",
            Self::SoldToTwo => "sold_to_two",
            Self::SeatInTwoReservations => "seat_in_two_reservations",
            Self::SeatNotKept => "seat_not_kept",
            Self::SaleDiffers => "sale_differs",
            Self::BlockedDiffers => "blocked_differs",
            Self::OwnerListDiffers => "owner_list_differs",
            Self::OwnerListLeft => "owner_list_left",
            Self::DeadlineMissing => "deadline_missing",
            Self::NeverForgotten => "never_forgotten",
            Self::AreaHoldMissing => "area_hold_missing",
            Self::AreaHoldLeft => "area_hold_left",
            Self::AreaCountsDiffer => "area_counts_differ",
            Self::AreaSalesDiffer => "area_sales_differ",
            Self::CapacityDiffers => "capacity_differs",
            Self::RecordUnreadable => "record_unreadable",
            Self::ConflictOpen => "conflict_open",
            Self::DeadLetter => "dead_letter",
        }
    }
}

impl Problem {
    pub(super) fn new(kind: Kind, subject: Subject, says: impl Into<String>) -> Self {
        Self { kind, subject, says: says.into(), repair: None }
    }

    pub(super) fn with_repair(mut self, repair: Option<Repair>) -> Self {
        self.repair = repair;
        self
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("kind", self.kind.name())?;
        match self.subject {
            Subject::Concert => {}
            Subject::Seat(seat) => map.serialize_entry("seat", &seat)?,
            Subject::Reservation(id) => map.serialize_entry("reservation", &id)?,
            Subject::Owner(user) => map.serialize_entry("user", &user)?,
            Subject::Area(area) => map.serialize_entry("area", &area)?,
        }
        map.serialize_entry("says", &self.says)?;
        map.end()
    }
}
