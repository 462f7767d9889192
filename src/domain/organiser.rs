//! Somebody who organises, and the request that they make.

use super::concert::Concert;
use super::ids::UserId;
use super::role::Role;

/// Somebody who organises, and the request that they make.
#[derive(Clone, Debug)]
pub struct Organiser {
    /// Who it is.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// The id of their request, which goes on record with what they change.
    pub request_id: String,
}

impl Organiser {
    /// Whose things they may touch; everybody's if nobody's in particular.
    pub fn only(&self) -> Option<UserId> {
        (self.role != Role::Admin).then_some(self.user)
    }

    /// Whether a concert is theirs to touch.
    pub fn may_touch(&self, concert: &Concert) -> bool {
        self.only().is_none_or(|own| concert.organiser == Some(own))
    }
}
