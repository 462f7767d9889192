//! What kind of request it is, for limits.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

/// What kind of request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Looking at something.
    Browse,
    /// Claiming seats.
    Claim,
    /// Doing something with what one has claimed: confirming above all.
    Finish,
    /// Beginning a session or an account.
    SignIn,
    /// Organising concerts.
    Admin,
}

impl Class {
    pub(super) const COUNT: usize = 5;

    /// The class of a request that a route was found for.
    pub(super) fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self::of_route(request.method(), route.map_or("", MatchedPath::as_str))
    }

    fn of_route(method: &Method, route: &str) -> Self {
        let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match route {
            _ if route.starts_with("/v1/admin/") => Self::Admin,
            "/v1/sessions" | "/v1/sessions/recovery" | "/v1/users" | "/v1/me/password"
                if changes && *method != Method::DELETE =>
            {
                Self::SignIn
            }
            "/v1/concerts/{concert}/reservations"
            | "/v1/concerts/{concert}/reservations/{reservation}/selection"
                if changes =>
            {
                Self::Claim
            }
            _ if changes => Self::Finish,
            _ => Self::Browse,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Claim => "claim",
            Self::Finish => "finish",
            Self::SignIn => "sign-in",
            Self::Admin => "admin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_of_the_class_that_its_work_is_of() {
        let class = |method: Method, route| Class::of_route(&method, route);
        let mine = "/v1/concerts/{concert}/reservations";
        assert_eq!(class(Method::GET, "/v1/concerts"), Class::Browse);
        assert_eq!(class(Method::GET, mine), Class::Browse);
        assert_eq!(class(Method::POST, mine), Class::Claim);
        let confirm = format!("{mine}/{{reservation}}/confirm");
        assert_eq!(class(Method::POST, &confirm), Class::Finish);
        assert_eq!(class(Method::POST, "/v1/sessions"), Class::SignIn);
        assert_eq!(class(Method::DELETE, "/v1/sessions"), Class::Finish);
        assert_eq!(class(Method::PATCH, "/v1/admin/concerts/{concert}/sale"), Class::Admin);
    }
}
