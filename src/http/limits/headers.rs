//! What a caller is told of limits: `RateLimit-Policy` and `RateLimit`, as draft 11 has them, and
//! `Retry-After` when one is used up.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::class::Class;
use crate::identity::Allowance;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");
const WINDOW_SECONDS: u64 = 60;

/// How a caller stands with a limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) class: Class,
    /// Whether it is an address's or a user's.
    pub(super) whose: &'static str,
    /// Requests in a minute.
    pub(super) quota: u32,
    /// Whether this request was within it.
    pub(super) admitted: bool,
    /// Requests that could follow at once.
    pub(super) left: u32,
    /// How long until all could.
    pub(super) reset: Duration,
    /// How long until one could.
    pub(super) retry_after: Duration,
}

impl Standing {
    /// With a limit that all instances share.
    pub(super) fn shared(class: Class, quota: u32, allowance: &Allowance) -> Self {
        let Allowance { admitted, left, reset, retry_after } = *allowance;
        Self { class, whose: "address", quota, admitted, left, reset, retry_after }
    }
}

/// Tells how a caller stands.
pub(super) fn put(headers: &mut HeaderMap, standings: &[Standing]) {
    if standings.is_empty() {
        return;
    }
    let name = |it: &Standing| format!("\"{}-{}\"", it.class.name(), it.whose);
    let policy = |it: &Standing| format!("{};q={};w={WINDOW_SECONDS}", name(it), it.quota);
    let left = |it: &Standing| format!("{};r={};t={}", name(it), it.left, seconds(it.reset));
    let policies: Vec<_> = standings.iter().map(policy).collect();
    let lefts: Vec<_> = standings.iter().map(left).collect();
    for (header, values) in [(POLICY, policies), (LEFT, lefts)] {
        if let Ok(value) = HeaderValue::try_from(values.join(", ")) {
            headers.insert(header, value);
        }
    }
}

/// Whole seconds, none too few.
fn seconds(time: Duration) -> u64 {
    time.as_millis().div_ceil(1000) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_as_the_draft_says() {
        let mut headers = HeaderMap::new();
        let standing = Standing {
            class: Class::Claim,
            whose: "user",
            quota: 120,
            admitted: true,
            left: 3,
            reset: Duration::from_millis(58_001),
            retry_after: Duration::ZERO,
        };
        put(&mut headers, &[standing, Standing { whose: "address", quota: 1200, ..standing }]);
        let policy = "\"claim-user\";q=120;w=60, \"claim-address\";q=1200;w=60";
        assert_eq!(headers[POLICY], policy);
        assert_eq!(headers[LEFT], "\"claim-user\";r=3;t=59, \"claim-address\";r=3;t=59");
    }
}
