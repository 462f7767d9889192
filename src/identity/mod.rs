//! Who is asking: guests and their sessions.

mod record;
mod sessions;
mod token;

pub use sessions::{NewSession, Session, Sessions};
pub use token::SessionToken;

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
}
