//! Secrets that callers show: of a session, of an organiser's server, of a guest's way back.

use std::marker::PhantomData;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::IdentityError;

/// 256 random bits.
const BYTES: usize = 32;

/// What the stores know a secret by: its SHA-256. A secret is random, so that nobody can find it
/// from its hash, however fast they hash.
pub(super) type Hash = [u8; 32];

/// What a secret is for.
pub trait Purpose {
    /// How its text begins, so that one that was found somewhere is known for what it is.
    const PREFIX: &'static str;
}

/// Stands for a session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OfSession {}

/// Stands for an organiser's server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OfServiceKey {}

/// Stands for a guest's way back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OfRecovery {}

impl Purpose for OfSession {
    const PREFIX: &'static str = "";
}

impl Purpose for OfServiceKey {
    const PREFIX: &'static str = "frk_";
}

impl Purpose for OfRecovery {
    const PREFIX: &'static str = "frr_";
}

/// An opaque secret that only its holder knows: the stores have its hash, so that whoever reads them
/// cannot act as somebody else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret<P>([u8; BYTES], PhantomData<P>);

/// The secret of a session.
pub type SessionToken = Secret<OfSession>;

/// The secret of an organiser's server.
pub type ServiceSecret = Secret<OfServiceKey>;

/// The secret that brings a guest back.
pub type RecoveryCode = Secret<OfRecovery>;

impl<P: Purpose> Secret<P> {
    /// A secret that nobody can guess.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, IdentityError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| IdentityError::Unavailable {
            reason: format!("no randomness for a secret: {error}"),
        })?;
        Ok(Self(bytes, PhantomData))
    }

    /// The secret that a text states, if it has the shape of one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix(P::PREFIX)?;
        // One byte more than a secret has, so that a longer text is refused and not cut off.
        let mut bytes = [0; BYTES + 1];
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let (secret, _) = bytes[..length].split_first_chunk::<BYTES>()?;
        (length == BYTES).then_some(Self(*secret, PhantomData))
    }

    /// The text to give to its holder, and to nobody and nothing else.
    pub fn expose(&self) -> String {
        format!("{}{}", P::PREFIX, BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What the stores know it by.
    pub(super) fn hash(&self) -> Hash {
        Sha256::digest(self.0).into()
    }
}

impl<P> std::fmt::Debug for Secret<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_nothing_else_is_taken_for_one() {
        let token = SessionToken::random().unwrap();
        let text = token.expose();
        assert_eq!(text.len(), 43);
        assert_eq!(SessionToken::parse(&text), Some(token));
        assert_ne!(SessionToken::random().unwrap(), token);
        for other in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}="), "é"] {
            assert_eq!(SessionToken::parse(other), None, "{other:?}");
        }
        assert_eq!(SessionToken::parse(&"A".repeat(10_000)), None);
    }

    #[test]
    fn a_secret_for_one_purpose_is_none_for_another() {
        let key = ServiceSecret::random().unwrap();
        let text = key.expose();
        assert_eq!(ServiceSecret::parse(&text), Some(key));
        assert_eq!(SessionToken::parse(&text), None);
        assert_eq!(ServiceSecret::parse(&text[4..]), None);
    }

    #[test]
    fn a_secret_is_not_printed() {
        let token = SessionToken::random().unwrap();
        assert!(!format!("{token:?}").contains(&token.expose()));
    }
}
