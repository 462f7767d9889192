//! What Redis keeps of a session: the user's id, 16 bytes, and their role, one byte.

use uuid::Uuid;

use crate::domain::ids::UserId;
use crate::domain::role::Role;

const BYTES: usize = 17;

/// What Redis keeps of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Whose it is.
    pub(super) user: UserId,
    /// What they may do.
    pub(super) role: Role,
}

impl Record {
    pub(super) fn pack(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..16].copy_from_slice(self.user.0.as_bytes());
        bytes[16] = self.role as u8;
        bytes
    }

    /// The record that these bytes are, if they are one.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
        let user = UserId(Uuid::from_slice(&bytes[..16]).ok()?);
        let role = Role::ALL.into_iter().find(|&role| role as u8 == bytes[16])?;
        Some(Self { user, role })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_nothing_else_is_taken_for_one() {
        for role in Role::ALL {
            let record = Record { user: UserId::new(), role };
            assert_eq!(Record::unpack(&record.pack()), Some(record));
        }
        let mut packed = Record { user: UserId::new(), role: Role::Buyer }.pack();
        packed[16] = 0;
        for other in [&packed[..], &packed[..16], &[1; 18], &[]] {
            assert_eq!(Record::unpack(other), None, "{other:?}");
        }
    }
}
