//! Listings: what is on, and where.

pub mod import;
