//! Addresses with passwords in them.

use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};

/// An address that is printed without its password.
#[derive(Clone)]
pub struct SecretUrl(SecretString);

impl SecretUrl {
    /// The whole address, for whoever connects.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.expose();
        // Some drivers take a password as a parameter, so that parameters are left out, too.
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else {
            return f.write_str("…");
        };
        match rest.rsplit_once('@') {
            None => write!(f, "{scheme}://{rest}"),
            Some((credentials, place)) => {
                let user = credentials.split(':').next().unwrap_or_default();
                write!(f, "{scheme}://{user}:…@{place}")
            }
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an address.
#[derive(Debug, thiserror::Error)]
#[error("it is not an address: expected SCHEME://HOST…")]
pub struct SecretUrlError;

impl FromStr for SecretUrl {
    type Err = SecretUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once("://") {
            Some((scheme, rest)) if !scheme.is_empty() && !rest.is_empty() => {
                Ok(Self(SecretString::from(text)))
            }
            _ => Err(SecretUrlError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_left_out_wherever_it_is() {
        let printed = |url: &str| url.parse::<SecretUrl>().unwrap().to_string();
        assert_eq!(printed("redis://localhost:1/0"), "redis://localhost:1/0");
        assert_eq!(printed("redis://:p@localhost/0"), "redis://:…@localhost/0");
        assert_eq!(printed("postgres://u:p@ss@h:5/d"), "postgres://u:…@h:5/d");
        assert_eq!(printed("postgres://h/d?password=p"), "postgres://h/d");
        assert!("password".parse::<SecretUrl>().is_err());
    }
}
