//! What every integration test may use.

pub mod backend;
pub mod hot;
pub mod house;
pub mod problem;
pub mod proxy;
mod servers;
pub mod service;

pub use servers::{database, redis_db, refuse, servers};
