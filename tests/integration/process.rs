//! The real binary: how it starts, stops, is killed, and says what stands in its way.

mod dev;
pub mod frontrow;
mod refusals;
mod rush;
mod stopping;
mod user;
mod wire;
