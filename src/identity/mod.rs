//! Who is asking: people with their sessions, and organisers' servers with their keys.

mod lookups;
mod record;
mod records;
mod secret;
mod service_keys;
mod sessions;

use crate::domain::limits::SERVICE_KEYS_PER_ORGANISER_MAX;
use crate::ledger::LedgerError;

pub use secret::{Secret, ServiceSecret, SessionToken};
pub use service_keys::ServiceKeys;
pub use sessions::{NewSession, Session, Sessions};

/// Why nobody can say who is asking.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The store of sessions cannot be used just now. This says nothing about the session: it must
    /// not be taken for one that has ended.
    #[error("sessions: {reason}")]
    Unavailable {
        /// What for the log; callers are not told.
        reason: String,
    },
    /// The same, of PostgreSQL.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Too many ask at once. Nothing was done.
    #[error("too many ask at once")]
    Overloaded,
    /// The organiser has as many service keys as one may.
    #[error("an organiser may have {SERVICE_KEYS_PER_ORGANISER_MAX} service keys")]
    TooManyServiceKeys,
    /// The organiser has no such service key.
    #[error("there is no such service key")]
    NoSuchServiceKey,
}
