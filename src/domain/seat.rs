//! A seat as Redis knows it: a number and a state.

use serde::Serialize;

/// A seat's place in its map's dense numbering: contiguous by section, row, seat, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct SeatNumber(pub u32);

/// What can be said of one seat. The discriminants are the two bits stored in Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SeatState {
    /// Anyone may claim it.
    Available = 0,
    /// Somebody has it until a deadline.
    Held = 1,
    /// Somebody has a ticket for it.
    Sold = 2,
    /// The organiser keeps it back.
    Blocked = 3,
}

impl SeatState {
    /// Reads the two low bits.
    pub fn from_bits(bits: u8) -> Self {
        match bits & 0b11 {
            0 => Self::Available,
            1 => Self::Held,
            2 => Self::Sold,
            _ => Self::Blocked,
        }
    }
}

/// The states of all seats of a concert, two bits a seat, seat 0 in the highest bits of the first
/// byte: the order of Redis's `BITFIELD u2 #i`, and the form that goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedStates {
    bytes: Vec<u8>,
    seats: u32,
}

impl PackedStates {
    /// Takes the bytes as Redis returned them; what a short string lacks is available, because
    /// Redis stores no trailing zeros that were never written.
    pub fn new(mut bytes: Vec<u8>, seats: u32) -> Self {
        bytes.resize(seats.div_ceil(4) as usize, 0);
        Self { bytes, seats }
    }

    /// The states of a house in which these seats are sold and all others available.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn sold(sold: &[SeatNumber], seats: u32) -> Self {
        let mut states = Self::new(Vec::new(), seats);
        for seat in sold {
            assert!(seat.0 < seats, "seat {} of {seats}", seat.0);
            states.bytes[(seat.0 / 4) as usize] |= (SeatState::Sold as u8) << shift(*seat);
        }
        states
    }

    /// The same with these seats kept back, but for those that are somebody's.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn with_blocked(mut self, blocked: &[SeatNumber]) -> Self {
        for &seat in blocked {
            if self.get(seat) == SeatState::Available {
                self.bytes[(seat.0 / 4) as usize] |= (SeatState::Blocked as u8) << shift(seat);
            }
        }
        self
    }

    /// The state of one seat.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn get(&self, seat: SeatNumber) -> SeatState {
        assert!(seat.0 < self.seats, "seat {} of {}", seat.0, self.seats);
        let byte = self.bytes[(seat.0 / 4) as usize];
        SeatState::from_bits(byte >> shift(seat))
    }

    /// Changes the state of one seat.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn set(&mut self, seat: SeatNumber, state: SeatState) {
        assert!(seat.0 < self.seats, "seat {} of {}", seat.0, self.seats);
        let byte = &mut self.bytes[(seat.0 / 4) as usize];
        *byte = *byte & !(0b11 << shift(seat)) | (state as u8) << shift(seat);
    }

    /// How many seats there are.
    pub fn capacity(&self) -> u32 {
        self.seats
    }

    /// The bytes, four seats each.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many seats of a range of numbers are in each state.
    pub fn count(&self, seats: std::ops::Range<u32>) -> StateCounts {
        let mut counts = StateCounts::default();
        for seat in seats {
            match self.get(SeatNumber(seat)) {
                SeatState::Available => counts.available += 1,
                SeatState::Held => counts.held += 1,
                SeatState::Sold => counts.sold += 1,
                SeatState::Blocked => counts.blocked += 1,
            }
        }
        counts
    }
}

/// How far a seat's two bits are from the end of their byte.
fn shift(seat: SeatNumber) -> u32 {
    6 - 2 * (seat.0 % 4)
}

/// Seats by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StateCounts {
    /// Seats anyone may claim.
    pub available: u32,
    /// Seats in somebody's hold.
    pub held: u32,
    /// Seats with a ticket.
    pub sold: u32,
    /// Seats the organiser keeps back.
    pub blocked: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_read_in_bitfield_order_and_missing_bytes_are_available() {
        let states = PackedStates::new(vec![0b0001_1011], 6);
        let read: Vec<_> = (0..6).map(|seat| states.get(SeatNumber(seat))).collect();
        use SeatState::{Available, Blocked, Held, Sold};
        assert_eq!(read, [Available, Held, Sold, Blocked, Available, Available]);
        let counts = StateCounts { available: 3, held: 1, sold: 1, blocked: 1 };
        assert_eq!(states.count(0..6), counts);
    }

    #[test]
    fn sold_seats_are_sold_and_no_others() {
        let states = PackedStates::sold(&[SeatNumber(1), SeatNumber(4)], 6);
        let sold = (0..6).filter(|&seat| states.get(SeatNumber(seat)) == SeatState::Sold);
        assert_eq!(sold.collect::<Vec<_>>(), [1, 4]);
        assert_eq!(states.count(0..6).available, 4);
        let states = states.with_blocked(&[SeatNumber(1), SeatNumber(2)]);
        let counts = StateCounts { available: 3, held: 0, sold: 2, blocked: 1 };
        assert_eq!(states.count(0..6), counts);
    }
}
