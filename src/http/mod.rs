//! HTTP: the only part of Frontrow that knows axum. One resource a file; what a caller can do
//! wrong is in `problem`, what surrounds every request in `layers`.

mod admin;
mod body;
mod concerts;
mod cookie;
mod docs;
mod extract;
mod health;
mod layers;
mod limits;
pub mod metrics;
mod openapi;
mod origin;
mod page;
mod problem;
mod request_id;
mod reservations;
mod respond;
mod router;
mod seat_map;
pub mod server;
mod service_keys;
mod sessions;
mod shareable;
mod site;
mod state;
mod text;
mod users;

pub use health::{Readiness, Wrong};
pub use limits::Limits;
pub use openapi::openapi;
pub use problem::{Kind, markdown as problems_markdown};
pub use router::router;
pub use state::{HttpState, SeatMapBodies};
