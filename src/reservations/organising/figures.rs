//! Sales figures of a concert.

use std::sync::Arc;

use super::OrganisingError;
use crate::domain::area::AreaCounts;
use crate::domain::ids::ConcertId;
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::domain::seat::{PackedStates, SeatNumber, SeatState, StateCounts};
use crate::ledger;
use crate::ledger::figures::{SoldInPlace, SoldInTime, Trouble};
use crate::reservations::{Availability, Reservations};

/// By what time is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FiguresBy {
    /// The hour.
    Hour,
    /// The day, by the venue's clock.
    #[default]
    Day,
}

/// How a part of the house sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartFigures {
    /// Its seats and places by state, as Redis has them now.
    pub counts: StateCounts,
    /// Seats and places sold, as far as they are persisted.
    pub tickets: u64,
    /// What those cost, in minor units.
    pub revenue_minor: u64,
}

/// Sales figures of a concert.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The concert and its map.
    pub performance: Arc<Performance>,
    /// The whole house.
    pub total: PartFigures,
    /// Each section of the map, in order.
    pub sections: Vec<PartFigures>,
    /// Each category of the map, in order.
    pub categories: Vec<PartFigures>,
    /// What was sold when, in order.
    pub over_time: Vec<SoldInTime>,
    /// How often something went wrong.
    pub trouble: Trouble,
}

impl Reservations {
    /// How a concert sells.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn figures(
        &self,
        by: &Organiser,
        concert: ConcertId,
        periods: FiguresBy,
    ) -> Result<Figures, OrganisingError> {
        self.own(by, concert).await?;
        let Availability { performance, states, areas } = self.availability(concert).await?;
        let (pool, terms) = (&self.ledger, &performance.concert);
        let sold = ledger::figures::by_place(pool, concert, terms.seat_map).await?;
        let period = match periods {
            FiguresBy::Hour => "hour",
            FiguresBy::Day => "day",
        };
        let zone = &terms.venue.time_zone;
        let over_time = ledger::figures::over_time(pool, concert, period, zone).await?;
        let trouble = ledger::figures::trouble(pool, concert).await?;
        let mut figures = count(performance, &states);
        figures.add_areas(&areas);
        figures.add_sold(&sold);
        Ok(Figures { over_time, trouble, ..figures })
    }
}

/// Seats by state, everywhere.
fn count(performance: Arc<Performance>, states: &PackedStates) -> Figures {
    let map = &performance.map;
    let mut figures = Figures {
        total: PartFigures::default(),
        sections: vec![PartFigures::default(); map.sections.len()],
        categories: vec![PartFigures::default(); map.categories.len()],
        over_time: Vec::new(),
        trouble: Trouble::default(),
        performance: Arc::clone(&performance),
    };
    for (index, section) in map.sections.iter().enumerate() {
        for seat in map.seats_of(section).map(SeatNumber) {
            let state = states.get(seat);
            let category = usize::from(map.seat(seat).category);
            for part in figures.parts(index, category) {
                add(&mut part.counts, state);
            }
        }
    }
    figures
}

fn add(counts: &mut StateCounts, state: SeatState) {
    match state {
        SeatState::Available => counts.available += 1,
        SeatState::Held => counts.held += 1,
        SeatState::Sold => counts.sold += 1,
        SeatState::Blocked => counts.blocked += 1,
    }
}

impl Figures {
    /// Places in areas count where the areas are.
    fn add_areas(&mut self, counts: &[AreaCounts]) {
        let performance = Arc::clone(&self.performance);
        for (area, counts) in performance.map.areas.iter().zip(counts) {
            for part in self.parts(area.section as usize, usize::from(area.category)) {
                part.counts.available += counts.available;
                part.counts.held += counts.held;
                part.counts.sold += counts.sold;
            }
        }
    }

    fn add_sold(&mut self, sold: &[SoldInPlace]) {
        for place in sold {
            let section = place.section.cast_unsigned() as usize;
            let category = usize::from(place.category.cast_unsigned());
            for part in self.parts(section, category) {
                part.tickets += place.tickets.cast_unsigned();
                part.revenue_minor += place.revenue_minor.cast_unsigned();
            }
        }
    }

    /// All that a seat or place of a section and category counts in.
    fn parts(&mut self, section: usize, category: usize) -> impl Iterator<Item = &mut PartFigures> {
        let section = self.sections.get_mut(section);
        let category = self.categories.get_mut(category);
        std::iter::once(&mut self.total).chain(section).chain(category)
    }
}
