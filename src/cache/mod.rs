//! Answers that many ask for, kept as the bytes that go over the wire: in this process, then in
//! Redis, and made anew by whoever has to (see [`Layers::get`]).
//!
//! - An answer is *fresh* for its lifetime, then *stale*: it is still given while one caller makes it
//!   anew, and, for longer, when it cannot be made anew.
//! - What is kept belongs to a [`Topic`]. A change to the topic puts an end to all of it, by another
//!   stamp: what was read before the change carries the old one, also when it is written after it.
//! - Of all instances one makes an answer anew: it has the lease, and the others wait for its answer,
//!   or give the stale one. A lease only saves work. Without Redis each instance makes its own.

mod body;
mod layers;
mod lifetime;
mod memory;
mod shared;
mod stamps;

use crate::domain::ids::ConcertId;

pub use body::{Body, Encoded, Encoding};
pub use layers::{Layers, Made, Settings};
pub use lifetime::{Lifetime, Lifetimes};

/// What an answer is about. Whoever changes that puts an end to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Any concert at all: lists.
    Lists,
    /// One concert.
    Concert(ConcertId),
}

/// Which answer.
#[derive(Clone, Debug)]
pub struct Key {
    /// What it is about.
    pub topic: Topic,
    /// Its name, unique among all.
    pub name: String,
    /// Whether other instances may have it. What lives for a second only is not worth it.
    pub shared: bool,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// As many answers are being made as may be at once.
    #[error("too many answers are being made at once")]
    Busy,
    /// It could not be made a moment ago, and is not tried again for each who asks.
    #[error("it could not be made a moment ago")]
    Failing,
    /// Whoever made it did not come to an end.
    #[error("it was not made: {0}")]
    Lost(&'static str),
}

/// Why Redis cannot be used for answers.
#[derive(Debug, thiserror::Error)]
pub enum CacheStoreError {
    /// It is not the address of one, or it refused or failed.
    #[error("the cache's Redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// No lock could be prepared there.
    #[error(transparent)]
    Locks(#[from] crate::inventory::InventoryError),
}
