//! A reservation on the wire.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::money::Money;
use crate::domain::lines::{AreaLine, SeatLine};
use crate::domain::performance::Performance;
use crate::domain::reservation::{Cause, State};
use crate::reservations::Answer;

/// A reservation as it stands.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Reservation)]
pub struct ReservationBody<'a> {
    /// Its id, for life.
    id: Uuid,
    /// The concert.
    concert: Uuid,
    /// Where it is in its life: `held → confirmed → cancelled`, or `held → released | expired`.
    state: State,
    /// Why it last changed.
    cause: Cause,
    /// Raised by each change, from 1.
    version: u32,
    /// Its seats, in the order of the seat map.
    seats: Vec<ReservedSeat<'a>>,
    /// Its places in standing areas, in the order of the seat map.
    areas: Vec<ReservedArea<'a>>,
    /// Whether its seats are side by side: in one row, with no aisle and nobody in between.
    together: bool,
    /// What they cost together.
    total: Money,
    /// When they were held.
    held_at: Timestamp,
    /// When the hold ends, or ended, unless it is confirmed before.
    deadline: Timestamp,
    /// Whether the hold's one extension was used.
    extended: bool,
    /// When it was confirmed, if it was.
    #[schema(required)]
    confirmed_at: Option<Timestamp>,
    /// The time when this was read, by the clock that decides: what is left of a hold is
    /// `deadline - now`, whatever the caller's clock says.
    now: Timestamp,
    /// In answers to confirming: whether the durable store is known to have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    persisted: Option<bool>,
}

/// One seat of a reservation.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ReservedSeat<'a> {
    /// Its id, unique in the seat map.
    #[schema(example = "A-1")]
    pub(super) seat: &'a str,
    /// Its section's name.
    pub(super) section: &'a str,
    /// What the sign on its row says.
    pub(super) row: &'a str,
    /// What the sign on it says.
    pub(super) label: &'a str,
    /// Its category's name.
    pub(super) category: &'a str,
    /// Its price, as it was when it was held.
    pub(super) price: Money,
}

/// Places of a reservation in a standing area.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ReservedArea<'a> {
    /// The area's id, unique in the seat map.
    #[schema(example = "FLOOR")]
    pub(super) area: &'a str,
    /// Its section's name.
    pub(super) section: &'a str,
    /// Its name.
    pub(super) name: &'a str,
    /// Its category's name.
    pub(super) category: &'a str,
    /// How many places.
    pub(super) quantity: u16,
    /// The price of each, as it was when they were held.
    pub(super) price: Money,
}

/// A user's reservations at a concert.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ReservationList<'a> {
    /// The reservations.
    pub items: Vec<ReservationBody<'a>>,
}

impl<'a> ReservationBody<'a> {
    /// What an answer says.
    pub fn new(answer: &'a Answer) -> Self {
        let (reservation, performance) = (&answer.reservation, &*answer.performance);
        let (seats, areas) = (reservation.lines.seats.iter(), reservation.lines.areas.iter());
        let currency = performance.concert.currency;
        Self {
            id: reservation.id.0,
            concert: reservation.concert.0,
            state: reservation.state,
            cause: reservation.cause,
            version: reservation.version,
            together: performance.map.are_together(seats.clone().map(|line| line.seat)),
            seats: seats.map(|line| reserved(performance, line)).collect(),
            areas: areas.map(|line| standing(performance, line)).collect(),
            total: Money::new(reservation.lines.total_minor(), currency),
            held_at: reservation.held_at,
            deadline: reservation.deadline,
            extended: reservation.extended,
            confirmed_at: reservation.confirmed_at,
            now: answer.now,
            persisted: None,
        }
    }

    /// The same, and whether the durable store is known to have it.
    pub fn with_persisted(self, persisted: bool) -> Self {
        let persisted = Some(persisted);
        Self { persisted, ..self }
    }
}

fn reserved<'a>(performance: &'a Performance, line: &SeatLine) -> ReservedSeat<'a> {
    let place = performance.map.place(line.seat);
    ReservedSeat {
        seat: &place.seat.id,
        section: &place.section.name,
        row: &place.row.label,
        label: &place.seat.label,
        category: &performance.map.categories[usize::from(place.seat.category)].name,
        price: Money::new(line.price_minor, performance.concert.currency),
    }
}

fn standing<'a>(performance: &'a Performance, line: &AreaLine) -> ReservedArea<'a> {
    let (map, area) = (&performance.map, performance.map.area(line.area));
    ReservedArea {
        area: &area.id,
        section: &map.sections[area.section as usize].name,
        name: &area.name,
        category: &map.categories[usize::from(area.category)].name,
        quantity: line.quantity,
        price: Money::new(line.price_minor, performance.concert.currency),
    }
}
