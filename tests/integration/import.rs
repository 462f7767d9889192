//! Files in, against a real PostgreSQL.

mod catalogue;
mod concerts;
mod examples;
mod fixture;
mod seat_maps;
