//! Service keys, without their secrets.

use jiff::Timestamp;

use super::ids::ServiceKeyId;

/// What is known of a service key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceKey {
    /// Its id, which is no secret.
    pub id: ServiceKeyId,
    /// What its organiser calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}
