//! The site: what `web/` is built into, as a part of the binary.
//!
//! A page's address leads to one document, whose script looks at the address. In a debug build the
//! files are read from `web/dist` when they are asked for, so that the site can be built anew, or not
//! at all, without building the service.

mod files;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use uuid::Uuid;

use self::files::{Found, built};
use super::problem::{Kind, Problem, Result};
use super::state::Shared;

/// What a file of this name is does not change: its name has its digest in it.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Kept, and asked about before each use.
const ASK_FIRST: &str = "no-cache";
/// What pages may load: nothing from anywhere else. Pictures begin as a few bytes in the script.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the list of concerts asks for first, as `web/src/api/queries.ts` has it.
const FIRST_CONCERTS: &str = "/v1/concerts?limit=24";

/// The document that every page begins with.
const DOCUMENT: &str = "index.html";

/// The site's addresses.
pub fn routes() -> Router<Shared> {
    let pages = ["/", "/concerts/{*rest}", "/holds/{*rest}", "/tickets", "/account"];
    let files = ["/favicon.svg", "/site.webmanifest", "/sw.js"];
    let routes = pages.into_iter().fold(Router::new(), |routes, at| routes.route(at, get(page)));
    let routes = files.into_iter().fold(routes, |routes, at| routes.route(at, get(file)));
    routes.route("/assets/{*path}", get(asset)).route("/art/{*path}", get(picture))
}

/// What somebody gets who followed an address that leads nowhere: the site's own page, if it is a
/// browser that shows them one, or nothing that this could answer.
pub fn nowhere(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let looks = method == Method::GET && accepts.is_some_and(|accept| accept.contains("text/html"));
    // A page for machines stays one, whoever looks at it.
    if !looks || uri.path().starts_with("/v1/") {
        return None;
    }
    let document = built(DOCUMENT, headers)?;
    Some((StatusCode::NOT_FOUND, answer_page(document, headers)).into_response())
}

async fn page(uri: Uri, headers: HeaderMap) -> Result<Response> {
    let missing = || {
        let detail = "the site is not in this build: `make run` builds it";
        Problem::new(Kind::NotFound).detail(detail)
    };
    let answer = answer_page(built(DOCUMENT, &headers).ok_or_else(missing)?, &headers);
    let links: HeaderMap = needed(&uri).map(|link| (header::LINK, link)).into_iter().collect();
    Ok((links, answer).into_response())
}

/// What the page at an address asks for first, which a browser can ask for before the page's script
/// has come and run.
fn needed(uri: &Uri) -> Option<HeaderValue> {
    let mut parts = uri.path().split('/').skip(1);
    let paths = match (parts.next(), parts.next(), uri.query()) {
        (Some(""), None, None) => vec![FIRST_CONCERTS.to_owned()],
        (Some("concerts"), Some(id), _) => {
            let concert = format!("/v1/concerts/{}", Uuid::parse_str(id).ok()?);
            vec![format!("{concert}/seat-map"), concert]
        }
        _ => return None,
    };
    let links = paths.iter().map(|path| format!("<{path}>; rel=preload; as=fetch; crossorigin"));
    HeaderValue::from_str(&links.collect::<Vec<_>>().join(", ")).ok()
}

async fn file(uri: Uri, headers: HeaderMap) -> Result<Response> {
    let path = uri.path().trim_start_matches('/');
    Ok(found(path, &headers)?.answer(&headers, ASK_FIRST))
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    Ok(found(&format!("assets/{path}"), &headers)?.answer(&headers, IMMUTABLE))
}

async fn picture(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    Ok(found(&format!("art/{path}"), &headers)?.answer(&headers, IMMUTABLE))
}

fn found(path: &str, headers: &HeaderMap) -> Result<Found> {
    let nothing = || Problem::new(Kind::NotFound).detail(format!("nothing is at /{path}"));
    built(path, headers).ok_or_else(nothing)
}

fn answer_page(document: Found, headers: &HeaderMap) -> Response {
    let guarded =
        [(header::CONTENT_SECURITY_POLICY, POLICY), (header::REFERRER_POLICY, "same-origin")];
    (guarded, document.answer(headers, ASK_FIRST)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(address: &'static str) -> Option<String> {
        let link = needed(&Uri::from_static(address))?;
        link.to_str().map(str::to_owned).ok()
    }

    #[test]
    fn a_page_says_what_it_will_ask_for() {
        let list = link("/").unwrap();
        assert_eq!(list, "</v1/concerts?limit=24>; rel=preload; as=fetch; crossorigin");
        let page = "/concerts/07f20193-9816-87b3-b06b-32f319f5bbb9/opening-night";
        let concert = link(page).unwrap();
        assert_eq!(concert.matches("</v1/concerts/07f20193-").count(), 2);
        assert!(concert.contains("/seat-map>; rel=preload"), "{concert}");
    }

    #[test]
    fn what_a_page_will_ask_for_is_not_guessed() {
        let others = ["/?q=amber", "/tickets", "/concerts/opening-night", "/concerts/%3E/x"];
        for address in others {
            assert_eq!(link(address), None, "{address}");
        }
    }
}
