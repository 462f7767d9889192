//! The documentation of problems: at the address that each problem's `type` names, and all of them
//! as one Markdown page.

use axum::http::header;
use axum::response::IntoResponse;

use super::{Kind, Problem, Result};
use crate::http::extract::Named;

/// What a kind of problem means
#[utoipa::path(
    get, path = "/problems/{slug}", tag = "documentation", operation_id = "get_problem",
    params(("slug" = String, Path, description = "The end of a problem's `type`", example = "hold-expired")),
    responses(
        (status = 200, description = "What it means", body = String, content_type = "text/markdown"),
        (status = 404, description = "`not-found`", body = super::ProblemBody, content_type = "application/problem+json"),
    ),
)]
pub async fn page(Named(slug): Named) -> Result<impl IntoResponse> {
    let kind = Kind::from_slug(&slug).ok_or_else(|| Problem::new(Kind::NotFound))?;
    let text = format!("# {}\n\n{}", kind.title(), about(kind));
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text))
}

/// The page `docs/problems.md`.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Problems\n\n\
         Every error is an `application/problem+json` document (RFC 9457) with `type`, `title`, `status`,\n\
         `detail` and `request_id`, and the further members that are named below. The `type` is\n\
         `/problems/` and one of these names; the service answers at that address, too.\n\n\
         This page is made from `src/http/problem/kind.rs` by a test: `FRONTROW_UPDATE=1 cargo test problems`.\n",
    );
    for &kind in Kind::ALL {
        page.push_str(&format!("\n## {}\n\n{}", kind.slug(), about(kind)));
    }
    page
}

fn about(kind: Kind) -> String {
    let meaning = kind.meaning().trim();
    format!("Status {}. {meaning}\n", kind.status().as_u16())
}
