//! Who is asking: people with their sessions, and organisers' servers with their keys.

mod accounts;
mod allowance;
mod ending;
mod gathering;
mod keeping;
mod lookups;
mod password;
mod recent;
mod record;
mod records;
mod recovery;
mod secret;
mod service_keys;
mod sessions;

use crate::domain::limits::SERVICE_KEYS_PER_ORGANISER_MAX;
use crate::ledger::LedgerError;
use crate::ledger::users::AccountError;

pub use accounts::{Accounts, Registration, register_as};
pub use allowance::Allowance;
pub use password::{Password, PasswordError};
pub use secret::{RecoveryCode, Secret, ServiceSecret, SessionToken};
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
    /// A password could not be hashed.
    #[error("hashing a password: {reason}")]
    Hashing {
        /// What for the log.
        reason: String,
    },
    /// Nobody has this address with this password, or this way back.
    #[error("the credentials are nobody's")]
    WrongCredentials,
    /// Somebody has an account with this address.
    #[error("an account has this email address")]
    EmailTaken,
    /// They have an account.
    #[error("this user has an account")]
    HasAccount,
    /// They have no account.
    #[error("this user has no account")]
    NoAccount,
    /// The organiser has as many service keys as one may.
    #[error("an organiser may have {SERVICE_KEYS_PER_ORGANISER_MAX} service keys")]
    TooManyServiceKeys,
    /// The organiser has no such service key.
    #[error("there is no such service key")]
    NoSuchServiceKey,
}

impl From<AccountError> for IdentityError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::EmailTaken => Self::EmailTaken,
            AccountError::HasAccount => Self::HasAccount,
            AccountError::Ledger(error) => Self::Ledger(error),
        }
    }
}
