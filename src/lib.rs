//! Frontrow: seat reservation for the minute a concert goes on sale.

pub mod embedded;
