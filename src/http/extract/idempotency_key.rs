//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::limits::IDEMPOTENCY_KEY_CHARACTERS_MAX;
use crate::http::problem::{Kind, Problem};

const NAME: &str = "idempotency-key";

/// The name that a caller gave to a request.
pub struct IdempotencyKey(pub String);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(NAME).iter();
        let Some(value) = given.next() else {
            let detail = "reserving needs an Idempotency-Key header";
            return Err(Problem::new(Kind::MissingIdempotencyKey).detail(detail));
        };
        if given.next().is_some() {
            return Err(invalid("the header is there more than once".to_owned()));
        }
        parse(value.as_bytes()).map(Self).map_err(invalid)
    }
}

fn invalid(detail: String) -> Problem {
    Problem::new(Kind::InvalidIdempotencyKey)
        .error("header", "Idempotency-Key", &detail)
        .detail(detail)
}

/// The draft asks for a string in quotes (RFC 8941); most callers send it bare. Both name the same key.
fn parse(value: &[u8]) -> Result<String, String> {
    let key = match value {
        [b'"', quoted @ .., b'"'] => unescape(quoted)?,
        [b'"', ..] => return Err("the quote is never closed".to_owned()),
        bare => bare.to_vec(),
    };
    if !(1..=IDEMPOTENCY_KEY_CHARACTERS_MAX).contains(&key.len()) {
        return Err(format!(
            "the key has {} characters: 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} can be",
            key.len()
        ));
    }
    match String::from_utf8(key) {
        Ok(key) if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(key),
        _ => Err("the key has characters that are not visible ASCII".to_owned()),
    }
}

fn unescape(quoted: &[u8]) -> Result<Vec<u8>, String> {
    let mut key = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        match (byte, byte == b'\\') {
            (_, true) => match bytes.next() {
                Some(escaped @ (b'"' | b'\\')) => key.push(escaped),
                _ => return Err("a backslash may only precede a quote or a backslash".to_owned()),
            },
            (b'"', _) => return Err("a quote within the quotes needs a backslash".to_owned()),
            (byte, _) => key.push(byte),
        }
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_bare_and_quoted() {
        assert_eq!(parse(b"8e03978e-40d5").as_deref(), Ok("8e03978e-40d5"));
        assert_eq!(parse(b"\"8e03978e-40d5\"").as_deref(), Ok("8e03978e-40d5"));
        assert_eq!(parse(br#""a\"b\\c""#).as_deref(), Ok(r#"a"b\c"#));
        assert_eq!(parse(&[b'k'; 255]).map(|key| key.len()), Ok(255));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = [b'k'; 256];
        let bad: [&[u8]; 9] = [
            b"",
            b"\"\"",
            b"\"",
            b"\"open",
            b"two words",
            b"\"a\"b\"",
            b"\"a\\n\"",
            &long,
            "é".as_bytes(),
        ];
        for value in bad {
            assert!(parse(value).is_err(), "{value:?}");
        }
    }
}
