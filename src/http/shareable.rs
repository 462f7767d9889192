//! Answers that everybody may share: in which encoding they go out, who may keep them, for how long.

use std::convert::Infallible;

use axum::body::Body as HttpBody;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::problem::{Kind, Problem, Result};
use crate::cache::{Body, Encoded, Encoding};

const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");

/// Who may keep an answer for how long. What browsers keep, an organiser cannot take back, so that they
/// ask again soon, and mostly hear that nothing has changed. What stands in front of many may give an
/// old answer while it asks for a new one, or when it gets none.
pub struct Policy {
    cache: &'static str,
    cdn: &'static str,
}

/// Lists of concerts.
pub const LIST: Policy = Policy {
    cache: "public, max-age=1, s-maxage=5, stale-while-revalidate=30, stale-if-error=600",
    cdn: "max-age=5, stale-while-revalidate=30, stale-if-error=600",
};
/// A concert.
pub const CONCERT: Policy = Policy {
    cache: "public, max-age=1, s-maxage=2, stale-while-revalidate=10, stale-if-error=600",
    cdn: "max-age=2, stale-while-revalidate=10, stale-if-error=600",
};
/// The states of seats.
pub const SEATS: Policy = Policy {
    cache: "public, max-age=1, s-maxage=1, stale-while-revalidate=2, stale-if-error=10",
    cdn: "max-age=1, stale-while-revalidate=2, stale-if-error=10",
};
/// A concert has one version of one map for life; a day bounds how long a change of the format takes to
/// reach everybody.
pub const SEAT_MAP: Policy = Policy {
    cache: "public, max-age=86400, s-maxage=86400, stale-if-error=604800, immutable",
    cdn: "max-age=86400, stale-if-error=604800, immutable",
};

/// What a caller says of the answer that they want: which they have, and how it may be encoded.
pub struct Asked {
    encoding: Encoding,
    known: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self {
            encoding: encoding(&parts.headers),
            known: joined(&parts.headers, header::IF_NONE_MATCH),
        })
    }
}

impl Asked {
    /// The answer, or that it is the one they have.
    pub fn answer(&self, encoded: &Encoded, tag: &str, policy: &Policy) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy.cache));
        headers.insert(CDN_CACHE_CONTROL, HeaderValue::from_static(policy.cdn));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        // Each encoding is another sequence of bytes, and has a tag of its own.
        let (name, suffix) = match self.encoding {
            Encoding::Identity => (None, ""),
            Encoding::Brotli => (Some("br"), "-br"),
            Encoding::Gzip => (Some("gzip"), "-gzip"),
        };
        if let Ok(tag) = HeaderValue::try_from(format!("\"{tag}{suffix}\"")) {
            headers.insert(header::ETAG, tag);
        }
        if self.has(tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(name) = name {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        (headers, HttpBody::from(encoded.bytes(self.encoding))).into_response()
    }

    /// Whether one of the answers that they have is this one, in whichever encoding.
    fn has(&self, tag: &str) -> bool {
        let Some(known) = &self.known else { return false };
        known.split(',').map(str::trim).any(|known| {
            let known = known.strip_prefix("W/").unwrap_or(known).trim_matches('"');
            let known = known.strip_suffix("-br").or(known.strip_suffix("-gzip")).unwrap_or(known);
            known == tag || known == "*"
        })
    }
}

/// Gives a kept answer to somebody. One that says that there is no such concert is a problem.
pub fn give(body: &Body, asked: &Asked, policy: &Policy) -> Result<Response> {
    let Some(encoded) = &body.encoded else { return Err(Problem::new(Kind::NoSuchConcert)) };
    let mut answer = asked.answer(encoded, encoded.tag(), policy);
    let link = body.link.as_deref().map(HeaderValue::try_from).and_then(std::result::Result::ok);
    if let Some(link) = link {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// The best encoding that the caller takes.
fn encoding(headers: &HeaderMap) -> Encoding {
    let Some(accepted) = joined(headers, header::ACCEPT_ENCODING) else {
        return Encoding::Identity;
    };
    let takes = |name: &str| {
        accepted.split(',').any(|accepted| {
            let (coding, weight) = accepted.split_once(';').unwrap_or((accepted, ""));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            coding.trim().eq_ignore_ascii_case(name) && weight.is_none_or(|weight| weight > 0.0)
        })
    };
    match () {
        () if takes("br") => Encoding::Brotli,
        () if takes("gzip") => Encoding::Gzip,
        () => Encoding::Identity,
    }
}

/// The values of a header that may be there several times.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accepted: &'static str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        encoding(&headers)
    }

    #[test]
    fn the_best_encoding_that_is_taken_is_chosen() {
        assert_eq!(chosen("gzip, deflate, br;q=0.5"), Encoding::Brotli);
        assert_eq!(chosen("GZIP, br;q=0"), Encoding::Gzip);
        assert_eq!(chosen("identity"), Encoding::Identity);
        assert_eq!(encoding(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn a_tag_is_known_in_any_encoding() {
        let knows = |known: &str, tag| {
            Asked { encoding: Encoding::Identity, known: Some(known.to_owned()) }.has(tag)
        };
        assert!(knows("\"a\", W/\"b-br\"", "b") && knows("*", "b") && knows("\"b-gzip\"", "b"));
        assert!(!knows("\"b-zstd\"", "b") && !knows("", "b"));
    }
}
