//! What every integration test may use.

mod servers;

pub use servers::{database, redis_db, servers};
