//! `Prefer: wait=N` (RFC 7240).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::domain::limits::WAIT_SECONDS_MAX;

/// How long the caller would wait for the fullest answer.
#[derive(Clone, Copy)]
pub struct Wait {
    seconds: Option<u64>,
    since: Instant,
}

impl Wait {
    /// How many seconds, if they would wait at all: at most [`WAIT_SECONDS_MAX`].
    pub fn seconds(self) -> Option<u64> {
        self.seconds
    }

    /// How much of that time is left: the RFC counts it from the arrival of the request.
    pub fn left(self) -> Option<Duration> {
        let left = |seconds| Duration::from_secs(seconds).saturating_sub(self.since.elapsed());
        self.seconds.map(left)
    }
}

impl<S: Sync> FromRequestParts<S> for Wait {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { seconds: wait(&parts.headers), since: Instant::now() })
    }
}

/// Preferences that cannot be read are ignored, and of several the first counts, as the RFC asks.
/// Not to wait at all is the same as to say nothing.
fn wait(headers: &HeaderMap) -> Option<u64> {
    let lines = headers.get_all("prefer").iter();
    let lines = lines.filter_map(|value| value.to_str().ok());
    let preferences = lines.flat_map(|line| line.split(','));
    let value = preferences.filter_map(wait_value).next()?;
    let seconds: u64 = value.parse().ok()?;
    (seconds > 0).then(|| seconds.min(WAIT_SECONDS_MAX))
}

fn wait_value(preference: &str) -> Option<&str> {
    let preference = preference.split(';').next()?;
    let (name, value) = preference.split_once('=')?;
    let is_wait = name.trim().eq_ignore_ascii_case("wait");
    is_wait.then(|| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(lines: &[&'static str]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("prefer", HeaderValue::from_static(line));
        }
        wait(&headers)
    }

    #[test]
    fn the_first_wait_counts_wherever_it_is() {
        assert_eq!(asked(&["wait=5"]), Some(5));
        assert_eq!(asked(&["respond-async, Wait = \"7\"; foo=bar"]), Some(7));
        assert_eq!(asked(&["return=minimal", "wait=3, wait=9"]), Some(3));
    }

    #[test]
    fn waiting_is_bounded_and_nonsense_is_ignored() {
        assert_eq!(asked(&["wait=3600"]), Some(WAIT_SECONDS_MAX));
        for line in ["wait", "wait=", "wait=soon", "wait=-1", "wait=0", "waiting=5"] {
            assert_eq!(asked(&[line]), None, "{line}");
        }
    }
}
