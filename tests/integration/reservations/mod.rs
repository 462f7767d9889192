//! The use cases over both stores, without HTTP.

mod conflicts;
mod durability;
mod recovery;
mod terms;
