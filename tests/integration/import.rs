//! Files in, against a real PostgreSQL.

mod catalogue;
mod concerts;
mod examples;
pub mod fixture;
mod seat_maps;
