//! The secret that stands for a session.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::IdentityError;

/// 256 random bits.
const TOKEN_BYTES: usize = 32;

/// An opaque secret that only its holder knows: Redis has its hash, so that whoever reads Redis
/// cannot act as somebody else.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; TOKEN_BYTES]);

impl SessionToken {
    /// A token that nobody can guess.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, IdentityError> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| IdentityError::Unavailable {
            reason: format!("no randomness for a token: {error}"),
        })?;
        Ok(Self(bytes))
    }

    /// The token that a text states, if it has the shape of one.
    pub fn parse(text: &str) -> Option<Self> {
        // One byte more than a token has, so that a longer text is refused and not cut off.
        let mut bytes = [0; TOKEN_BYTES + 1];
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let (token, _) = bytes[..length].split_first_chunk::<TOKEN_BYTES>()?;
        (length == TOKEN_BYTES).then_some(Self(*token))
    }

    /// The text to give to its holder, and to nobody and nothing else.
    pub fn expose(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What Redis knows it by.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_taken_for_one() {
        let token = SessionToken::random().unwrap();
        let text = token.expose();
        assert_eq!(text.len(), 43);
        assert_eq!(SessionToken::parse(&text), Some(token.clone()));
        assert_ne!(SessionToken::random().unwrap(), token);
        for other in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}="), "é"] {
            assert_eq!(SessionToken::parse(other), None, "{other:?}");
        }
        assert_eq!(SessionToken::parse(&"A".repeat(10_000)), None);
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = SessionToken::random().unwrap();
        assert!(!format!("{token:?}").contains(&token.expose()));
    }
}
