//! The site's session cookie: which scripts cannot read, and other sites cannot have sent along with
//! what changes something.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::identity::SessionToken;

/// How the site was reached, which the cookie goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Nobody on the way can read or change anything.
    Https,
    /// On a machine of one's own, for trying.
    Http,
}

/// Days that browsers keep a cookie at most. The service decides when the session ends.
const DAYS: u32 = 400;

impl Scheme {
    /// The cookie's name. Browsers take one that begins so only from its very host over https, so
    /// that no neighbouring host can put a session of its own in its place. Over plain http they
    /// would not take it at all.
    fn cookie_name(self) -> &'static str {
        match self {
            Self::Https => "__Host-frontrow",
            Self::Http => "frontrow",
        }
    }
}

/// The token in a request's cookies, if there is one, and for which scheme it was given. What is no
/// token is no session either, and is told so later.
pub fn token(headers: &HeaderMap) -> Option<(Scheme, &str)> {
    [Scheme::Https, Scheme::Http].into_iter().find_map(|scheme| {
        let lines = headers.get_all(header::COOKIE).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(name, _)| name.trim() == scheme.cookie_name());
        values.next().map(|(_, value)| (scheme, value.trim()))
    })
}

/// The header that gives a browser its session.
pub fn give(scheme: Scheme, token: &SessionToken) -> (HeaderName, HeaderValue) {
    written(scheme, &token.expose(), DAYS * 24 * 60 * 60)
}

/// The header that takes it away again.
pub fn take(scheme: Scheme) -> (HeaderName, HeaderValue) {
    written(scheme, "", 0)
}

fn written(scheme: Scheme, value: &str, seconds: u32) -> (HeaderName, HeaderValue) {
    let name = scheme.cookie_name();
    let secure = match scheme {
        Scheme::Https => "; Secure",
        Scheme::Http => "",
    };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    // A token is Base64, so that the text is always a header's.
    let cookie = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""));
    (header::SET_COOKIE, cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cookies: &[&'static str]) -> Option<(Scheme, String)> {
        let mut headers = HeaderMap::new();
        for line in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        token(&headers).map(|(scheme, token)| (scheme, token.to_owned()))
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&["theme=dark; xfrontrow=a"]), None);
        assert_eq!(found(&["theme=dark; frontrow=a"]), Some((Scheme::Http, "a".to_owned())));
        assert_eq!(found(&["a", "frontrow=b=c"]), Some((Scheme::Http, "b=c".to_owned())));
    }

    #[test]
    fn the_one_that_only_the_site_itself_can_have_set_goes_first() {
        let cookies = ["frontrow=planted; __Host-frontrow=own"];
        assert_eq!(found(&cookies), Some((Scheme::Https, "own".to_owned())));
    }

    #[test]
    fn a_cookie_is_for_this_host_and_not_for_scripts() {
        let token = SessionToken::random().unwrap();
        for (scheme, name) in [(Scheme::Https, "__Host-frontrow"), (Scheme::Http, "frontrow")] {
            let (_, value) = give(scheme, &token);
            let text = value.to_str().unwrap();
            assert!(text.starts_with(&format!("{name}={};", token.expose())), "{text}");
            assert!(text.contains("; Path=/;") && text.contains("; HttpOnly"), "{text}");
            assert!(text.contains("; SameSite=Lax") && !text.contains("Domain"), "{text}");
            assert_eq!(text.contains("; Secure"), scheme == Scheme::Https, "{text}");
            let (_, value) = take(scheme);
            assert!(value.to_str().unwrap().starts_with(&format!("{name}=; Path=/; Max-Age=0;")));
        }
    }
}
