//! The id of a request: the caller's or ours.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries it in and out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of a caller's id: what goes into every line of the log must not be long.
const CHARACTERS_MAX: usize = 128;

/// The id, as handlers find it among the request's extensions.
#[derive(Clone)]
pub struct RequestId(pub HeaderValue);

/// The caller's id, if it is one that can be logged as it is, otherwise a new one.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(&X_REQUEST_ID);
    given.filter(|id| is_valid(id)).cloned().unwrap_or_else(new)
}

/// The id as text. Both kinds are ASCII.
pub fn text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or_default()
}

fn is_valid(id: &HeaderValue) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    (1..=CHARACTERS_MAX).contains(&id.len()) && id.as_bytes().iter().all(plain)
}

fn new() -> HeaderValue {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = Uuid::now_v7().hyphenated().encode_lower(&mut text);
    // A UUID is a valid header, so that there is nothing to fall back on.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_id_is_kept_only_if_it_is_harmless() {
        let kept = |given: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(given).unwrap());
            of(&headers) == given
        };
        assert!(kept("01937e5c-3f4b"));
        assert!(kept(&"a".repeat(128)));
        for bad in ["", "two words", "a\"b", "a=b", &"a".repeat(129)] {
            assert!(!kept(bad), "{bad}");
        }
        assert_eq!(of(&HeaderMap::new()).len(), 36);
    }
}
