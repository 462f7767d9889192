//! What one caller may ask for: by class of route, of an address and of a user.
//!
//! Limits are kept by each process, in memory (governor), but for sign-ins: those are counted in Redis,
//! so that ten instances do not allow ten times as much. What a user may claim of one concert is
//! counted where seats are claimed (`lua/reserve.lua`).

mod address;
mod class;
mod headers;
mod quotas;
mod shedding;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Kind, Problem};
use super::state::Shared;
use crate::config::LimitsConfig;
use crate::identity::SessionToken;

pub use address::Peer;

use address::{Caller, Trust};
use class::Class;
use headers::Standing;
use quotas::Quotas;
use shedding::Shedding;

/// The limits of a process. Cheap to clone.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    trust: Trust,
    limits_loopback: bool,
    sign_ins_per_minute: u32,
    quotas: Quotas,
    shedding: Shedding,
}

impl Limits {
    /// Limits that nobody has used any of yet, of a process that takes so many requests at once.
    pub fn new(config: &LimitsConfig, requests_max: usize) -> Self {
        Self(Arc::new(Inner {
            trust: Trust::new(config.trusted_proxies.clone()),
            limits_loopback: config.limit_loopback,
            sign_ins_per_minute: config.limit_sign_in,
            quotas: Quotas::new(config),
            shedding: Shedding::new(requests_max),
        }))
    }
}

/// Lets a request through if there is room for one of its class, and its caller has not asked for too
/// much; else it is refused before anything is done for it.
pub async fn enforce(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let limits = &state.limits.0;
    let class = Class::of(&request);
    let Some(_place) = limits.shedding.enter(class) else {
        let detail = "this request was not begun: ask again";
        return Problem::new(Kind::Overloaded).detail(detail).into_response();
    };
    let caller = limits.trust.caller(&request);
    let standings = match caller.is_loopback() && !limits.limits_loopback {
        true => Vec::new(),
        false => standings(&state, class, &caller, token(request.headers())).await,
    };
    let spent = standings.iter().filter(|standing| !standing.admitted);
    if let Some(longest) = spent.max_by_key(|standing| standing.retry_after) {
        let problem = Problem::new(Kind::RateLimited).retry_after(longest.retry_after);
        let mut refused = problem.into_response();
        headers::put(refused.headers_mut(), &standings);
        return refused;
    }
    let mut response = next.run(request).await;
    // What everybody shares says nothing about one of them.
    if !is_shared(response.headers()) {
        headers::put(response.headers_mut(), &standings);
    }
    response
}

/// How the caller stands with each limit that applies, after taking this request from it.
async fn standings(
    state: &Shared,
    class: Class,
    caller: &Caller,
    token: Option<SessionToken>,
) -> Vec<Standing> {
    let quotas = &state.limits.0.quotas;
    let mut standings = Vec::new();
    match class {
        Class::SignIn => standings.extend(sign_in(state, caller).await),
        class => standings.extend(quotas.of_address(class, caller)),
    }
    // Whose address has no requests left is asked for nothing more, nor is anything looked up for them.
    let is_admitted = standings.iter().all(|standing| standing.admitted);
    if let Some(token) = token.filter(|_| is_admitted && quotas.has_users(class)) {
        // The same lookup as the handler's, which then finds it at hand.
        let session = state.sessions.resolve(&token).await.ok().flatten();
        standings.extend(session.and_then(|session| quotas.of_user(class, session.user)));
    }
    standings
}

/// Counted in Redis, with all instances; while it is away, in this process.
async fn sign_in(state: &Shared, caller: &Caller) -> Option<Standing> {
    let limits = &state.limits.0;
    let per_minute = limits.sign_ins_per_minute;
    if per_minute == 0 {
        return None;
    }
    match state.sessions.allow(&caller.name(), per_minute).await {
        Ok(allowance) => Some(Standing::shared(Class::SignIn, per_minute, &allowance)),
        Err(_) => limits.quotas.of_address(Class::SignIn, caller),
    }
}

/// The token that the request shows, if it shows one.
fn token(headers: &HeaderMap) -> Option<SessionToken> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    let bearer = shown.and_then(|shown| shown.strip_prefix("Bearer "));
    let token = bearer.or_else(|| super::cookie::token(headers).map(|(_, token)| token))?;
    SessionToken::parse(token)
}

fn is_shared(headers: &HeaderMap) -> bool {
    let cache = headers.get(header::CACHE_CONTROL).and_then(|cache| cache.to_str().ok());
    cache.is_some_and(|cache| cache.starts_with("public"))
}
