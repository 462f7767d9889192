//! What Frontrow is about, with no store, no network and no clock of its own.

pub mod area;
pub mod best_available;
pub mod concert;
pub mod email;
pub mod ids;
pub mod limits;
pub mod lines;
pub mod listing;
pub mod log_entry;
pub mod organiser;
pub mod performance;
pub mod place;
pub mod position;
pub mod purchase;
pub mod refusal;
pub mod reservation;
pub mod role;
pub mod runs;
pub mod seat;
pub mod seat_map;
pub mod seat_set;
pub mod selection;
pub mod service_key;
pub mod shortened;
pub mod user;
