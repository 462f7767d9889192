//! Identifiers. Each is a UUID in a type of its own, so that one cannot be given for another.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

macro_rules! identifier {
    ($(#[$meaning:meta])* $name:ident) => {
        $(#[$meaning])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier that sorts by the time it was made (UUIDv7).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

identifier! {
    /// A performance on a seat map.
    ConcertId
}
identifier! {
    /// One version of a seat map.
    SeatMapId
}
identifier! {
    /// A reservation, from hold to ticket: one id for life.
    ReservationId
}
identifier! {
    /// Whoever holds seats: a guest or somebody with an account.
    UserId
}

identifier! {
    /// A service key of an organiser's.
    ServiceKeyId
}

impl ConcertId {
    /// The id of the concert that an import file calls `slug`: the same in every installation, so
    /// that importing a season twice changes nothing and documentation can name a concert.
    pub fn from_slug(slug: &str) -> Self {
        Self(hashed(&[b"concert", slug.as_bytes()]))
    }

    /// Which of `partitions` partitions a new concert belongs to: the same on every machine.
    pub fn partition(self, partitions: u16) -> u16 {
        let digest = hashed(&[b"partition", self.0.as_bytes()]);
        let (high, _) = digest.as_u64_pair();
        u16::try_from(high % u64::from(partitions)).unwrap_or_default()
    }
}

impl ReservationId {
    /// The id of the reservation that `user` asks for at `concert` under an `Idempotency-Key`.
    ///
    /// Because the id follows from the request, asking again finds the first answer instead of
    /// making a second reservation, on whichever instance the second request arrives.
    pub fn from_key(user: UserId, concert: ConcertId, key: &str) -> Self {
        Self(hashed(&[user.0.as_bytes(), concert.0.as_bytes(), key.as_bytes()]))
    }
}

/// A UUIDv8 (RFC 9562, 5.8) made of a SHA-256 over the parts, each prefixed with its length so that
/// no two lists of parts hash alike.
fn hashed(parts: &[&[u8]]) -> Uuid {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::new_v8(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_request_has_the_same_id_and_any_other_request_another() {
        let (user, concert) = (UserId::new(), ConcertId::new());
        let id = ReservationId::from_key(user, concert, "a");
        assert_eq!(id, ReservationId::from_key(user, concert, "a"));
        assert_ne!(id, ReservationId::from_key(user, concert, "b"));
        assert_ne!(id, ReservationId::from_key(UserId::new(), concert, "a"));
        assert_ne!(id, ReservationId::from_key(user, ConcertId::new(), "a"));
        assert_eq!(id.0.get_version_num(), 8);
    }

    #[test]
    fn concerts_spread_over_the_partitions_and_stay_where_they_are() {
        let mut concerts = [0; 16];
        for number in 0..1_600 {
            let id = ConcertId::from_slug(&format!("concert-{number}"));
            concerts[usize::from(id.partition(16))] += 1;
        }
        assert!(concerts.iter().all(|&count| count > 60), "{concerts:?}");
        assert_eq!(ConcertId::from_slug("opening-night").partition(16), 1);
    }
}
