//! What somebody may do.

use serde::{Deserialize, Serialize};

/// What somebody may do. The discriminants are those of a session's record.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Role {
    /// Holds and buys seats, as everybody may. A guest is one.
    Buyer = 1,
    /// Puts concerts on sale, and changes those that are theirs.
    Organiser = 2,
    /// Changes whatever anybody may change.
    Admin = 3,
}

impl Role {
    /// All of them, from the one that may least.
    pub const ALL: [Self; 3] = [Self::Buyer, Self::Organiser, Self::Admin];

    /// Its name, on the wire and in the `role` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Organiser => "organiser",
            Self::Admin => "admin",
        }
    }

    /// The role with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it comes with what organisers may do.
    pub fn may_organise(self) -> bool {
        self >= Self::Organiser
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_found_by_the_name_that_it_has_on_the_wire() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        assert_eq!(Role::from_name("Admin"), None);
    }
}
