//! Listings: what is on, and where.

pub mod import;
mod performances;
mod reading;

pub use performances::Catalogue;
