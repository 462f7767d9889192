//! Which page a browser's request comes from.
//!
//! A browser sends the cookie along with whatever asks for it; only the `Origin` header, which pages
//! cannot choose, tells a request of the site's own pages from one that another site had sent.

use axum::http::{HeaderMap, HeaderName, header};

use super::cookie::Scheme;
use super::problem::{Kind, Problem, Result};

/// The scheme of the site, if the request comes from one of its own pages: those whose origin is the
/// host that the request was sent to.
pub fn own(headers: &HeaderMap) -> Result<Scheme> {
    let Some(origin) = only(headers, header::ORIGIN) else {
        return Err(foreign("the request has no Origin header, or several"));
    };
    let scheme = match origin.split_once("://") {
        Some(("https", host)) => Some((Scheme::Https, host.strip_suffix(":443").unwrap_or(host))),
        Some(("http", host)) => Some((Scheme::Http, host.strip_suffix(":80").unwrap_or(host))),
        _ => None,
    };
    let (Some((scheme, from)), Some(to)) = (scheme, only(headers, header::HOST)) else {
        return Err(foreign("the request's Origin is no page's"));
    };
    let to = match scheme {
        Scheme::Https => to.strip_suffix(":443").unwrap_or(to),
        Scheme::Http => to.strip_suffix(":80").unwrap_or(to),
    };
    match from.eq_ignore_ascii_case(to) {
        true => Ok(scheme),
        false => Err(foreign("the request's Origin is another host than it was sent to")),
    }
}

fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}

fn foreign(detail: &'static str) -> Problem {
    Problem::new(Kind::ForeignOrigin).error("header", "Origin", detail).detail(detail)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn scheme(origins: &[&'static str], host: &'static str) -> Option<Scheme> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        for origin in origins {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        own(&headers).ok()
    }

    #[test]
    fn the_sites_own_pages_are_known() {
        assert_eq!(scheme(&["https://tickets.example"], "tickets.example"), Some(Scheme::Https));
        assert_eq!(
            scheme(&["https://tickets.example"], "Tickets.Example:443"),
            Some(Scheme::Https)
        );
        assert_eq!(scheme(&["http://127.0.0.1:8080"], "127.0.0.1:8080"), Some(Scheme::Http));
        assert_eq!(scheme(&["http://[::1]:8080"], "[::1]:8080"), Some(Scheme::Http));
    }

    #[test]
    fn every_other_page_is_foreign() {
        let host = "tickets.example";
        for origins in [
            &[] as &[_],
            &["null"],
            &["https://evil.example"],
            &["https://tickets.example.evil.example"],
            &["https://evil.tickets.example"],
            &["https://tickets.example:444"],
            &["https://tickets.example:80"],
            &["tickets.example"],
            &["ftp://tickets.example"],
            &["https://tickets.example", "https://evil.example"],
        ] {
            assert_eq!(scheme(origins, host), None, "{origins:?}");
        }
    }
}
