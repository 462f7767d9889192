//! Seat states on the wire.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::area::AreaCounts;
use crate::domain::concert::SaleState;
use crate::domain::seat::StateCounts;
use crate::reservations::Availability;

/// The state of every seat.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Availability)]
pub struct AvailabilityBody<'a> {
    /// The concert.
    concert: Uuid,
    /// Whether seats can be claimed now.
    sale_state: SaleState,
    /// Seats of the whole house by state.
    counts: StateCounts,
    /// The same for each section, in the order of the seat map.
    sections: Vec<SectionCounts<'a>>,
    /// Places of each standing area by state, in the order of the seat map.
    areas: Vec<AreaState<'a>>,
    /// Base64 of two bits a seat: 0 available, 1 held, 2 sold, 3 blocked. Seat 0 of the seat map is
    /// in the highest bits of the first byte.
    #[schema(example = "GwA=")]
    states: String,
}

/// Seats of a section by state.
#[derive(Serialize, utoipa::ToSchema)]
struct SectionCounts<'a> {
    /// The section's name.
    section: &'a str,
    /// Its seats.
    counts: StateCounts,
}

/// Places of a standing area by state.
#[derive(Serialize, utoipa::ToSchema)]
struct AreaState<'a> {
    /// The area's id.
    area: &'a str,
    /// Its places.
    counts: AreaCounts,
}

impl<'a> AvailabilityBody<'a> {
    /// Seat states, of a concert as it is at `now`.
    pub fn new(availability: &'a Availability, now: Timestamp) -> Self {
        let (concert, map) = {
            let performance = &availability.performance;
            (&performance.concert, &performance.map)
        };
        let states = &availability.states;
        let sections = map.sections.iter().map(|section| SectionCounts {
            section: &section.name,
            counts: states.count(map.seats_of(section)),
        });
        let sections: Vec<_> = sections.collect();
        let areas = map.areas.iter().zip(&availability.areas);
        let areas = areas.map(|(area, counts)| AreaState { area: &area.id, counts: *counts });
        Self {
            concert: concert.id.0,
            sale_state: concert.sale_state(now),
            counts: sections.iter().fold(StateCounts::default(), sum),
            sections,
            areas: areas.collect(),
            states: BASE64_STANDARD.encode(states.as_bytes()),
        }
    }
}

fn sum(total: StateCounts, section: &SectionCounts<'_>) -> StateCounts {
    StateCounts {
        available: total.available + section.counts.available,
        held: total.held + section.counts.held,
        sold: total.sold + section.counts.sold,
        blocked: total.blocked + section.counts.blocked,
    }
}
