//! Passwords: what can be one, and how one is hashed.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::IdentityError;
use crate::domain::limits::{
    PASSWORD_BYTES_MAX, PASSWORD_BYTES_MIN, PASSWORDS_AT_ONCE_MAX, PASSWORDS_WAITING_MAX,
};

/// What OWASP's cheat sheet gives first for argon2id: 19 MiB, twice, on one core. Some 30 ms.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of a password that nobody has, for whom there is no account: a wrong address is to take
/// as long as a wrong password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZnJvbnRyb3ctbm9ib2R5cw$\
                       AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A text that can be a password. It is never printed.
#[derive(Clone)]
pub struct Password(SecretString);

/// Why a text cannot be a password. What makes it a good one is for its owner to know; what is short
/// is found by trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has {PASSWORD_BYTES_MIN} to {PASSWORD_BYTES_MAX} bytes")]
pub struct PasswordError;

impl Password {
    /// The password that a text is.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn parse(text: String) -> Result<Self, PasswordError> {
        let text = SecretString::from(text);
        let length = text.expose_secret().len();
        if !(PASSWORD_BYTES_MIN..=PASSWORD_BYTES_MAX).contains(&length) {
            return Err(PasswordError);
        }
        Ok(Self(text))
    }
}

/// Hashes passwords, few at a time: each takes a core for a while, and 19 MiB. Whoever signs in
/// waits; whoever claims seats meanwhile does not, since the other cores are left to them.
#[derive(Clone)]
pub(super) struct Hasher {
    /// How many are hashed at once.
    turns: Arc<Semaphore>,
    /// How many are hashed or wait.
    places: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // A quarter of the machine at most.
        let turns = (cores / 4).clamp(1, PASSWORDS_AT_ONCE_MAX);
        Self {
            turns: Arc::new(Semaphore::new(turns)),
            places: Arc::new(Semaphore::new(turns + PASSWORDS_WAITING_MAX)),
        }
    }
}

impl Hasher {
    /// A password's hash, as the text to keep.
    pub(super) async fn hash(&self, password: Password) -> Result<String, IdentityError> {
        let hashed = self.run(move || {
            let hash: Result<PasswordHash, _> =
                argon2()?.hash_password(password.0.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string())
        });
        hashed.await?.map_err(|error| IdentityError::Hashing { reason: error.to_string() })
    }

    /// Whether a password is the one that was hashed. Without a hash it is not, after as long a time.
    pub(super) async fn verify(
        &self,
        password: Password,
        hash: Option<&str>,
    ) -> Result<bool, IdentityError> {
        let known = hash.is_some();
        let hash = PasswordHash::new(hash.unwrap_or(NOBODYS))
            .map_err(|error| IdentityError::Hashing { reason: error.to_string() })?;
        let is_right = self.run(move || {
            let verified =
                Argon2::default().verify_password(password.0.expose_secret().as_bytes(), &hash);
            verified.is_ok()
        });
        Ok(is_right.await? && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IdentityError> {
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|_| IdentityError::Overloaded)?;
        // Nobody closes the semaphore.
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|_| IdentityError::Overloaded)?;
        let done = tokio::task::spawn_blocking(move || {
            // Whoever hangs up gives their place back only when the work is done.
            let _until_done = (place, turn);
            work()
        });
        done.await.map_err(|error| IdentityError::Hashing { reason: error.to_string() })
    }
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_right() {
        let hasher = Hasher::default();
        let hash = hasher.hash(password("correct horse battery")).await.unwrap();
        assert!(hasher.verify(password("correct horse battery"), Some(&hash)).await.unwrap());
        assert!(!hasher.verify(password("correct horse Battery"), Some(&hash)).await.unwrap());
        assert!(!hasher.verify(password("correct horse battery"), None).await.unwrap());
        let again = hasher.hash(password("correct horse battery")).await.unwrap();
        assert_ne!(again, hash, "each has a salt of its own");
    }

    #[tokio::test]
    async fn nobodys_hash_takes_as_long_as_anybodys() {
        let hash = Hasher::default().hash(password("correct horse battery")).await.unwrap();
        let shape = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let output = hash.hash.unwrap().as_bytes().len();
            (hash.algorithm.to_string(), hash.version, hash.params.to_string(), output)
        };
        assert_eq!(shape(NOBODYS), shape(&hash));
        assert_eq!(shape(&hash).2, format!("m={MEMORY_KIB},t={PASSES},p={LANES}"));
    }

    #[tokio::test]
    async fn beyond_those_who_wait_nobody_is_let_in() {
        let hasher = Hasher::default();
        let places = hasher.places.available_permits();
        let all = hasher.places.clone().acquire_many_owned(u32::try_from(places).unwrap());
        let all = all.await.unwrap();
        let refused = hasher.hash(password("correct horse battery")).await;
        assert!(matches!(refused, Err(IdentityError::Overloaded)));
        drop(all);
        assert!(hasher.hash(password("correct horse battery")).await.is_ok());
    }

    #[test]
    fn a_password_has_a_length() {
        let of_length = |length| Password::parse("x".repeat(length)).is_ok();
        assert!(!of_length(PASSWORD_BYTES_MIN - 1) && of_length(PASSWORD_BYTES_MIN));
        assert!(of_length(PASSWORD_BYTES_MAX) && !of_length(PASSWORD_BYTES_MAX + 1));
    }
}
