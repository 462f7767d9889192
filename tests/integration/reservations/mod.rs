//! The use cases over both stores, without HTTP.

mod conflicts;
mod durability;
mod opening;
mod recovery;
mod refused;
mod terms;
