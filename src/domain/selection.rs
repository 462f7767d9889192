//! The seats of one claim: checked once, so that nothing behind it needs to check again.

use sha2::{Digest, Sha256};

use super::limits::SEATS_PER_CLAIM_MAX;
use super::reservation::Fingerprint;
use super::seat::SeatNumber;
use super::seat_map::SeatMap;

/// Between 1 and [`SEATS_PER_CLAIM_MAX`] distinct seats of one map, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(Vec<SeatNumber>);

/// What is wrong with a list of seats. Indices are those of the caller's list.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No seats at all.
    #[error("seats: at least one is needed")]
    Empty,
    /// More than a claim may have.
    #[error("seats: {given} are too many for one reservation, {SEATS_PER_CLAIM_MAX} is the most")]
    TooMany {
        /// How many there were.
        given: usize,
    },
    /// Not a seat of this concert's map.
    #[error("seats[{index}]: {id:?} is not a seat of this concert")]
    Unknown {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
    /// The same seat again.
    #[error("seats[{index}]: {id:?} is there twice")]
    Twice {
        /// Where in the list.
        index: usize,
        /// What it said.
        id: String,
    },
}

impl Selection {
    /// Looks up public seat ids in a map.
    ///
    /// # Errors
    /// The first thing that is wrong with the list.
    pub fn new(map: &SeatMap, ids: &[String]) -> Result<Self, SelectionError> {
        if ids.is_empty() {
            return Err(SelectionError::Empty);
        }
        if ids.len() > SEATS_PER_CLAIM_MAX {
            return Err(SelectionError::TooMany { given: ids.len() });
        }
        let mut seats = Vec::with_capacity(ids.len());
        for (index, id) in ids.iter().enumerate() {
            let Some(seat) = map.number_of(id) else {
                return Err(SelectionError::Unknown { index, id: id.clone() });
            };
            if seats.contains(&seat) {
                return Err(SelectionError::Twice { index, id: id.clone() });
            }
            seats.push(seat);
        }
        seats.sort_unstable();
        Ok(Self(seats))
    }

    /// The seats.
    pub fn seats(&self) -> &[SeatNumber] {
        &self.0
    }

    /// A digest that is the same for the same seats in whatever order they were asked for.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Sha256::new();
        for seat in &self.0 {
            hasher.update(seat.0.to_be_bytes());
        }
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&hasher.finalize()[..8]);
        fingerprint
    }
}
