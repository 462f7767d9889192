//! What Redis keeps of a session: the user's id, 16 bytes; their role, one byte; whether PostgreSQL
//! has the session too, one byte.

use uuid::Uuid;

use crate::domain::ids::UserId;
use crate::domain::role::Role;

const BYTES: usize = 18;

/// What Redis keeps of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Whose it is.
    pub(super) user: UserId,
    /// What they may do.
    pub(super) role: Role,
    /// Whether PostgreSQL has the session too, so that it outlives Redis.
    pub(super) kept: bool,
}

impl Record {
    pub(super) fn pack(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..16].copy_from_slice(self.user.0.as_bytes());
        bytes[16] = self.role as u8;
        bytes[17] = u8::from(self.kept);
        bytes
    }

    /// The record that these bytes are, if they are one.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
        let user = UserId(Uuid::from_slice(&bytes[..16]).ok()?);
        let role = Role::ALL.into_iter().find(|&role| role as u8 == bytes[16])?;
        let kept = match bytes[17] {
            0 => false,
            1 => true,
            _ => return None,
        };
        Some(Self { user, role, kept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_nothing_else_is_taken_for_one() {
        let user = UserId::new();
        for role in Role::ALL {
            for kept in [false, true] {
                let record = Record { user, role, kept };
                assert_eq!(Record::unpack(&record.pack()), Some(record));
            }
        }
        let good = Record { user, role: Role::Buyer, kept: true }.pack();
        let with = |at: usize, byte| {
            let mut packed = good;
            packed[at] = byte;
            packed.to_vec()
        };
        for other in [with(16, 0), with(17, 2), good[..17].to_vec(), vec![1; 19], Vec::new()] {
            assert_eq!(Record::unpack(&other), None, "{other:?}");
        }
    }
}
