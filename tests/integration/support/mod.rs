//! What every integration test may use.

pub mod hot;
mod servers;

pub use servers::{database, redis_db, servers};
