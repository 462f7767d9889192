//! What answers are made of. These are the wire formats: what is here does not change its meaning.

mod availability;
mod concert;
mod money;
mod purchase;
mod reservation;
mod seat_map;

pub use availability::AvailabilityBody;
pub use concert::{ConcertBody, ConcertItem, ConcertList};
pub use money::Money;
pub use purchase::{PurchaseBody, PurchaseList};
pub use reservation::{ReservationBody, ReservationList};
pub use seat_map::SeatMapBody;
