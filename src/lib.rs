//! Frontrow: seat reservation for the minute a concert goes on sale.
//!
//! Seat availability lives in Redis and changes only inside Lua scripts; a write-behind worker
//! persists confirmed reservations to PostgreSQL. `docs/architecture.md` is the map.

pub mod app;
pub mod audit;
pub mod cache;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod domain;
pub mod embedded;
pub mod http;
pub mod identity;
pub mod inventory;
pub mod lab;
pub mod ledger;
pub mod reservations;
pub mod rush;
pub mod telemetry;
pub mod worker;
