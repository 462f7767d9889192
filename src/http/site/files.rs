//! The site's files, each in up to three codings that were made when it was built: nothing is
//! compressed while somebody waits.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

/// What `web/` was built into. The service is whole without it: whoever works on the service needs
/// no site, and the tests need none.
#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// Which build of the site this is, if `make` says it. Cargo builds anew what reads a variable that
/// is another, and of files that were not there before it knows nothing.
const _BUILD: Option<&str> = option_env!("FRONTROW_SITE");

/// A file, in the coding that a caller takes.
pub struct Found {
    bytes: Cow<'static, [u8]>,
    tag: String,
    coding: Option<&'static str>,
    media_type: &'static str,
}

/// A file of the site, if it is in this build.
pub fn built(path: &str, headers: &HeaderMap) -> Option<Found> {
    find(path, headers, Built::get)
}

fn find(
    path: &str,
    headers: &HeaderMap,
    file: impl Fn(&str) -> Option<EmbeddedFile>,
) -> Option<Found> {
    let compressed = codings(headers).find_map(|(coding, extension)| {
        file(&format!("{path}.{extension}")).map(|found| (Some(coding), found))
    });
    let (coding, found) = compressed.or_else(|| Some((None, file(path)?)))?;
    let digest = found.metadata.sha256_hash();
    let tag: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Found {
        bytes: found.data,
        tag: format!("\"{tag}\""),
        coding,
        media_type: media_type(path),
    })
}

/// The codings that a caller takes and that files are kept in, the smallest first.
fn codings(headers: &HeaderMap) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let accepted: Vec<String> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter(|item| !item.replace(' ', "").ends_with(";q=0"))
        .filter_map(|item| item.split(';').next())
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let kept = [("br", "br"), ("gzip", "gz")].into_iter();
    kept.filter(move |(coding, _)| accepted.iter().any(|name| name == coding))
}

/// What a file is, by the end of its name. There are only those that `web/` makes.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "avif" => "image/avif",
        "webp" => "image/webp",
        "jpg" => "image/jpeg",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

impl Found {
    /// The file, or that the caller has it already.
    pub fn answer(self, headers: &HeaderMap, cache: &'static str) -> Response {
        let Self { bytes, tag, coding, media_type } = self;
        let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
        let kept = [
            (header::ETAG, tag.as_str()),
            (header::CACHE_CONTROL, cache),
            (header::VARY, "accept-encoding"),
        ];
        if known.is_some_and(|known| known.split(',').any(|one| same(one, &tag))) {
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let coding = coding.map(|coding| [(header::CONTENT_ENCODING, coding)]);
        let described = [(header::CONTENT_TYPE, media_type)];
        match coding {
            Some(coding) => (kept, described, coding, Body::from(bytes)).into_response(),
            None => (kept, described, Body::from(bytes)).into_response(),
        }
    }
}

/// Whether an entry of `If-None-Match` is this tag. A proxy may have made it a weak one.
fn same(entry: &str, tag: &str) -> bool {
    let entry = entry.trim();
    entry == "*" || entry.trim_start_matches("W/") == tag
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use rust_embed::Metadata;

    use super::*;

    /// One script, and the same in two codings.
    fn file(path: &str) -> Option<EmbeddedFile> {
        let (data, digest): (&'static [u8], u8) = match path {
            "assets/a.js" => (b"plain", 1),
            "assets/a.js.br" => (b"br", 2),
            "assets/a.js.gz" => (b"gz", 3),
            "art/1.avif" => (b"picture", 4),
            _ => return None,
        };
        let metadata = Metadata::__rust_embed_new([digest; 32], None, None);
        Some(EmbeddedFile { data: Cow::Borrowed(data), metadata })
    }

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    fn coding(accepts: &'static str) -> Option<&'static str> {
        let headers = headers(header::ACCEPT_ENCODING, accepts);
        find("assets/a.js", &headers, file).and_then(|found| found.coding)
    }

    #[test]
    fn everybody_gets_the_smallest_coding_that_they_take() {
        assert_eq!(coding("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(coding("GZIP;q=0.5"), Some("gzip"));
        assert_eq!(coding("br;q=0, gzip"), Some("gzip"));
        assert_eq!(coding("br; q=0"), None);
        assert_eq!(coding("identity"), None);
    }

    #[test]
    fn what_is_kept_in_one_coding_only_is_sent_in_that() {
        let headers = headers(header::ACCEPT_ENCODING, "br, gzip");
        let found = find("art/1.avif", &headers, file).unwrap();
        assert_eq!((found.coding, found.media_type), (None, "image/avif"));
        assert!(find("assets/b.js", &headers, file).is_none());
    }

    #[test]
    fn who_has_it_is_sent_nothing() {
        let found = || find("assets/a.js", &HeaderMap::new(), file).unwrap();
        let tag = found().tag;
        let status = |known: &str| {
            let known = HeaderValue::from_str(known).unwrap();
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, known)]);
            found().answer(&headers, "no-cache").status()
        };
        assert_eq!(status(&tag), StatusCode::NOT_MODIFIED);
        assert_eq!(status(&format!("\"x\", W/{tag}")), StatusCode::NOT_MODIFIED);
        assert_eq!(status("\"x\""), StatusCode::OK);
    }

    #[test]
    fn each_coding_has_a_tag_of_its_own() {
        let tag = |accepts| {
            let headers = headers(header::ACCEPT_ENCODING, accepts);
            find("assets/a.js", &headers, file).unwrap().tag
        };
        assert_ne!(tag("br"), tag("gzip"));
    }
}
