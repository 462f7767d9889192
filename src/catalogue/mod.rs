//! Listings: what is on, and where.

pub mod import;
mod performances;

pub use performances::Catalogue;
