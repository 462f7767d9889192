//! Somebody who has bought something, or has an account.

use jiff::Timestamp;

use super::email::Email;
use super::ids::UserId;
use super::role::Role;

/// What is known of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they may do.
    pub role: Role,
    /// The address that they sign in with; a guest has none.
    pub email: Option<Email>,
    /// What they want to be called, if they said it.
    pub name: Option<String>,
    /// When they were first kept: at their first purchase, or when they made an account.
    pub created_at: Timestamp,
}
