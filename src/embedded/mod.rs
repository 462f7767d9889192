//! A private redis-server and PostgreSQL, started by the project itself for `frontrow dev`, for
//! tests, and for the measuring commands.
//!
//! - They listen on 127.0.0.1 only and keep their data in a directory of the caller's.
//! - They never outlive the process that started them, however it ends: each hangs on a lifeline
//!   (see `supervise.sh`).
//! - Nothing here belongs to a tokio runtime once it is started, so one server can be shared by
//!   tests that each bring a runtime of their own.
//! - No database driver is used: Redis is asked by hand, PostgreSQL through its own `psql`.
//!
//! PostgreSQL trusts every local connection. That suits a development machine, and is why these
//! servers are not for production: there, `REDIS_URL` and `DATABASE_URL` name real ones.

mod account;
mod binaries;
mod cluster;
mod error;
mod home;
mod instance;
mod lock;
mod port;
mod postgres;
mod previous;
mod process;
mod psql;
mod redis;
mod stack;

pub use error::EmbeddedError;
pub use port::port_holder;
pub use postgres::{PostgresOptions, PostgresServer};
pub use redis::{Persistence, RedisOptions, RedisServer};
pub use stack::DevStack;
