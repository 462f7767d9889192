//! Email addresses, in the one form that an account is found by.

use super::limits::EMAIL_BYTES_MAX;

/// An email address in its normal form: without space around it, and in lower case throughout. Some
/// servers may tell `Ada@` from `ada@`; people do not, and would have two accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why a text is no email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It has no `@` with something on both sides, or something that no address has.
    #[error("it is not an email address")]
    Malformed,
    /// It is longer than an address can be.
    #[error("it has more than {EMAIL_BYTES_MAX} bytes")]
    TooLong,
}

impl Email {
    /// The address that a text states. Whether anybody reads what is sent there is not known: what
    /// is checked is only what catches mistakes.
    ///
    /// # Errors
    /// When it cannot be an address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        // Lower case can be longer than upper case.
        let address = text.to_lowercase();
        if text.len().max(address.len()) > EMAIL_BYTES_MAX {
            return Err(EmailError::TooLong);
        }
        let (local, host) = address.rsplit_once('@').ok_or(EmailError::Malformed)?;
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || "@,;:<>()[]\\\"".contains(c);
        let is_odd = local.contains(is_odd) || host.contains(is_odd);
        let has_gap = |part: &str| part.split('.').any(str::is_empty);
        if is_odd || has_gap(local) || has_gap(host) {
            return Err(EmailError::Malformed);
        }
        Ok(Self(address))
    }

    /// The address as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        for text in ["ada@example.org", " Ada@Example.ORG\n", "ADA@EXAMPLE.ORG"] {
            assert_eq!(Email::parse(text).unwrap().as_str(), "ada@example.org");
        }
        for text in ["a@b", "ada+x@example.org", "ÉLISE@exemple.fr", "o'hara@example.ie"] {
            assert_eq!(Email::parse(text).unwrap().as_str(), text.to_lowercase());
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "ada",
            "ada@",
            "@b.org",
            "a@b@c",
            "a b@c.org",
            "a@b..org",
            "a@.org",
            "a@b.",
            ".a@b",
            "a@b\0",
            "Ada <ada@b.org>",
            "a@b,c@d",
        ] {
            assert_eq!(Email::parse(text), Err(EmailError::Malformed), "{text:?}");
        }
        let host = "@example.org";
        let longest = "a".repeat(EMAIL_BYTES_MAX - host.len()) + host;
        assert!(Email::parse(&longest).is_ok());
        assert_eq!(Email::parse(&format!("a{longest}")), Err(EmailError::TooLong));
    }
}
