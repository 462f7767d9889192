//! The seats and places of one claim: checked once, so that nothing behind it needs to check again.

use sha2::{Digest, Sha256};

use super::area::AreaNumber;
use super::best_available::Choice;
use super::limits::PLACES_PER_CLAIM_MAX;
use super::reservation::Fingerprint;
use super::seat::SeatNumber;
use super::seat_map::SeatMap;

/// Between 1 and [`PLACES_PER_CLAIM_MAX`] distinct seats and places in distinct areas of one map, in
/// the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    seats: Vec<SeatNumber>,
    areas: Vec<(AreaNumber, u16)>,
}

/// What somebody wants, as they say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Public ids of seats.
    pub seats: Vec<String>,
    /// Places in areas.
    pub areas: Vec<Standing>,
}

impl<Seats: AsRef<[String]> + ?Sized> From<&Seats> for Wanted {
    /// Seats and nothing else.
    fn from(seats: &Seats) -> Self {
        Self { seats: seats.as_ref().to_vec(), areas: Vec::new() }
    }
}

/// Places that somebody wants in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The area's public id.
    pub area: String,
    /// How many places.
    pub quantity: u32,
}

/// What is wrong with a list of seats and areas. Indices are those of the caller's lists.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No seats and no places at all.
    #[error("seats: at least one is needed")]
    Empty,
    /// More than a claim may have.
    #[error("{list}: {given} are too many for one reservation, {PLACES_PER_CLAIM_MAX} is the most")]
    TooMany {
        /// The list that goes too far: `seats`, or else `areas`.
        list: &'static str,
        /// How many there were in both, each place in an area counted.
        given: u64,
    },
    /// Not a seat of this concert's map.
    #[error("seats[{index}]: {id:?} is not a seat of this concert")]
    UnknownSeat {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
    /// The same seat again.
    #[error("seats[{index}]: {id:?} is there twice")]
    SeatTwice {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
    /// Not an area of this concert's map.
    #[error("areas[{index}].area: {id:?} is not an area of this concert")]
    UnknownArea {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
    /// The same area again.
    #[error("areas[{index}].area: {id:?} is there twice")]
    AreaTwice {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
    /// No places in an area.
    #[error("areas[{index}].quantity: at least one is needed")]
    NoQuantity {
        /// Where in the list.
        index: usize,
    },
}

impl Selection {
    /// Looks up public ids in a map.
    ///
    /// # Errors
    /// The first thing that is wrong with the lists.
    pub fn new(map: &SeatMap, wanted: &Wanted) -> Result<Self, SelectionError> {
        let Wanted { seats: ids, areas } = wanted;
        let standing = areas.iter().map(|wanted| u64::from(wanted.quantity)).sum::<u64>();
        let given = ids.len() as u64 + standing;
        if ids.is_empty() && areas.is_empty() {
            return Err(SelectionError::Empty);
        }
        let most = PLACES_PER_CLAIM_MAX as usize;
        if given > u64::from(PLACES_PER_CLAIM_MAX) || areas.len() > most {
            let list = if ids.len() > most { "seats" } else { "areas" };
            return Err(SelectionError::TooMany { list, given: given.max(areas.len() as u64) });
        }
        Ok(Self { seats: find_seats(map, ids)?, areas: find_areas(map, areas)? })
    }

    /// The seats.
    pub fn seats(&self) -> &[SeatNumber] {
        &self.seats
    }

    /// The areas, each with how many places of it.
    pub fn areas(&self) -> &[(AreaNumber, u16)] {
        &self.areas
    }

    /// A digest that is the same for the same seats and places in whatever order they were asked for.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Sha256::new();
        hasher.update((self.seats.len() as u32).to_be_bytes());
        for seat in &self.seats {
            hasher.update(seat.0.to_be_bytes());
        }
        for (area, quantity) in &self.areas {
            hasher.update(area.0.to_be_bytes());
            hasher.update(quantity.to_be_bytes());
        }
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&hasher.finalize()[..8]);
        fingerprint
    }
}

impl From<Choice> for Selection {
    fn from(choice: Choice) -> Self {
        Self { seats: choice.seats, areas: Vec::new() }
    }
}

fn find_seats(map: &SeatMap, ids: &[String]) -> Result<Vec<SeatNumber>, SelectionError> {
    let mut seats = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let Some(seat) = map.number_of(id) else {
            return Err(SelectionError::UnknownSeat { index, id: id.clone() });
        };
        if seats.contains(&seat) {
            return Err(SelectionError::SeatTwice { index, id: id.clone() });
        }
        seats.push(seat);
    }
    seats.sort_unstable();
    Ok(seats)
}

fn find_areas(
    map: &SeatMap,
    wanted: &[Standing],
) -> Result<Vec<(AreaNumber, u16)>, SelectionError> {
    let mut areas: Vec<(AreaNumber, u16)> = Vec::with_capacity(wanted.len());
    for (index, Standing { area: id, quantity }) in wanted.iter().enumerate() {
        let Some(area) = map.area_number_of(id) else {
            return Err(SelectionError::UnknownArea { index, id: id.clone() });
        };
        if areas.iter().any(|(other, _)| *other == area) {
            return Err(SelectionError::AreaTwice { index, id: id.clone() });
        }
        // The whole claim was held against the limit, which is small.
        match u16::try_from(*quantity) {
            Ok(0) | Err(_) => return Err(SelectionError::NoQuantity { index }),
            Ok(quantity) => areas.push((area, quantity)),
        }
    }
    areas.sort_unstable();
    Ok(areas)
}
