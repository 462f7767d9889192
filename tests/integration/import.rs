//! Files in, against a real PostgreSQL.

mod catalogue;
mod concerts;
mod examples;
mod files;
pub mod fixture;
mod seat_maps;
