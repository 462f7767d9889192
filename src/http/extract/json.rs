//! JSON bodies, with errors that say where.

use std::fmt::Write;
use std::time::Duration;

use axum::body::HttpBody as _;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use tokio::time::timeout;

use crate::domain::limits::{BODY_BYTES_MAX, BODY_SECONDS_MAX};
use crate::http::problem::{Kind, Problem};

/// A body that is JSON and says so, of at most so many bytes.
pub struct JsonBody<T, const BYTES_MAX: usize = BODY_BYTES_MAX>(pub T);

/// The bytes of a body that says that it is JSON, at most so many, for whoever reads it with more of an
/// eye to what is wrong.
pub struct JsonBytes<const BYTES_MAX: usize>(pub Bytes);

/// A body that is JSON and says so, or none at all.
pub struct OptionalBody<T>(pub Option<T>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let says_nothing = !request.headers().contains_key(header::CONTENT_TYPE);
        if says_nothing && request.body().is_end_stream() {
            return Ok(Self(None));
        }
        let JsonBytes(bytes) = JsonBytes::<BODY_BYTES_MAX>::from_request(request, state).await?;
        // A client that always says what it sends may have nothing to send.
        let is_nothing = bytes.is_empty() || bytes.trim_ascii() == b"null";
        let body = (!is_nothing).then(|| parse(&bytes));
        Ok(Self(body.transpose()?))
    }
}

impl<T, S, const BYTES_MAX: usize> FromRequest<S> for JsonBody<T, BYTES_MAX>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let JsonBytes(bytes) = JsonBytes::<BYTES_MAX>::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for JsonBytes<BYTES_MAX> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        if !says_json(request.headers()) {
            let detail = "the body must be JSON, with Content-Type: application/json";
            return Err(Problem::new(Kind::UnsupportedMediaType).detail(detail));
        }
        if declared(request.headers()).is_some_and(|bytes| bytes > BYTES_MAX as u64) {
            return Err(too_large(BYTES_MAX));
        }
        DefaultBodyLimit::max(BYTES_MAX).apply(&mut request);
        let seconds = seconds_for(BYTES_MAX);
        let bytes = Bytes::from_request(request, state);
        match timeout(Duration::from_secs(seconds), bytes).await {
            Ok(bytes) => bytes.map(Self).map_err(|rejection| unread(rejection, BYTES_MAX)),
            Err(_) => Err(Problem::new(Kind::BodyTooSlow)
                .member("limit", seconds)
                .detail(format!("the body did not arrive within {seconds} s: nothing was begun"))),
        }
    }
}

/// The bytes that the head says will follow, if it does.
fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// How long a body may be on its way: it keeps others from being served.
fn seconds_for(bytes_max: usize) -> u64 {
    BODY_SECONDS_MAX + (bytes_max / (1024 * 1024)) as u64
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(Kind::BodyTooLarge)
        .member("limit", bytes_max)
        .detail(format!("the body has more than {bytes_max} bytes"))
}

fn says_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unread(rejection: BytesRejection, bytes_max: usize) -> Problem {
    let reason = rejection.to_string();
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(bytes_max);
    }
    let detail = format!("the body did not arrive: {reason}");
    Problem::new(Kind::MalformedJson).detail(detail)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(Kind::MalformedJson).detail("the body is empty"));
    }
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(no_object(bytes));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader);
    let value = value.map_err(|error| wrong(error.inner(), error.path()))?;
    let end = reader.end();
    end.map_err(|error| Problem::new(Kind::MalformedJson).detail(error.to_string()))?;
    Ok(value)
}

/// serde would take a list for an object, field by field, which no documentation says.
fn no_object(bytes: &[u8]) -> Problem {
    match serde_json::from_slice::<IgnoredAny>(bytes) {
        Ok(IgnoredAny) => {
            let detail = "the body must be a JSON object";
            let problem = Problem::new(Kind::InvalidRequest).error("pointer", "#", detail);
            problem.detail(detail)
        }
        Err(error) => Problem::new(Kind::MalformedJson).detail(error.to_string()),
    }
}

fn wrong(error: &serde_json::Error, path: &Path) -> Problem {
    let detail = error.to_string();
    match error.classify() {
        Category::Data => Problem::new(Kind::InvalidRequest)
            .error("pointer", &pointer(path), &detail)
            .detail(detail),
        Category::Io | Category::Syntax | Category::Eof => {
            Problem::new(Kind::MalformedJson).detail(detail)
        }
    }
}

/// A JSON pointer as a URI fragment (RFC 6901, 6), as RFC 9457 shows it.
fn pointer(path: &Path) -> String {
    let mut pointer = "#".to_owned();
    for segment in path {
        // Writing to a string cannot fail.
        let _ = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{}", escaped(key)),
            Segment::Enum { variant } => write!(pointer, "/{}", escaped(variant)),
            Segment::Unknown => Ok(()),
        };
    }
    pointer
}

/// A caller's own key: escaped as a pointer, then as a fragment.
fn escaped(key: &str) -> String {
    let mut text = String::with_capacity(key.len());
    for byte in key.bytes() {
        let _ = match byte {
            b'~' => write!(text, "~0"),
            b'/' => write!(text, "~1"),
            b'-' | b'.' | b'_' => write!(text, "{}", byte as char),
            _ if byte.is_ascii_alphanumeric() => write!(text, "{}", byte as char),
            _ => write!(text, "%{byte:02X}"),
        };
    }
    text
}

/// A key that is there has a value: null is none.
pub fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Claim {
        #[allow(dead_code, reason = "only its type matters here")]
        seats: Vec<String>,
    }

    #[test]
    fn what_is_not_json_is_told_from_what_is_not_wanted() {
        let kind = |body: &str| parse::<Claim>(body.as_bytes()).unwrap_err().kind();
        for malformed in ["", "{", "{\"seats\":[}", "{\"seats\":[]} x", "\u{feff}{}", "'a'"] {
            assert_eq!(kind(malformed), Kind::MalformedJson, "{malformed}");
        }
        for invalid in ["{}", "[1]", "[[]]", "{\"seats\":[1]}", "{\"seats\":[],\"x\":1}", "null"] {
            assert_eq!(kind(invalid), Kind::InvalidRequest, "{invalid}");
        }
    }
}
