//! What every integration test may use.

pub mod backend;
pub mod hot;
pub mod house;
mod servers;

pub use servers::{database, redis_db, servers};
