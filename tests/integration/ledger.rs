//! The durable truth, against a real PostgreSQL.

mod applying;
mod areas;
mod conflicts;
mod fixture;
mod histories;
mod history;
mod model;
mod notifying;
mod partitions;
mod poison;
mod reading;
mod replaying;
