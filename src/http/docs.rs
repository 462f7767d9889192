//! `/docs`: the API's document to look through and to try. Everything comes from this service.

use std::sync::{Arc, LazyLock};

use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use utoipa_swagger_ui::{Config, SwaggerFile};

use super::extract::Named;
use super::problem::{Kind, Problem, Result};

/// How the page is set up. Its badge that asks a server elsewhere about the document is off.
static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new(["/openapi.json"]).validator_url("none");
    Arc::new(config.use_base_layout().deep_linking(true).display_request_duration(true))
});

/// What the page may load: nothing from anywhere else. It sets styles and draws its icons itself.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The page stands in a folder of its own.
pub async fn enter() -> Redirect {
    Redirect::permanent("/docs/")
}

/// The page.
pub async fn index() -> Result<Response> {
    file("index.html")
}

/// What the page is made of.
pub async fn part(Named(path): Named) -> Result<Response> {
    file(&path)
}

fn file(path: &str) -> Result<Response> {
    let found = utoipa_swagger_ui::serve(path, CONFIG.clone());
    let found = found.map_err(|error| Problem::new(Kind::Internal).because(error.to_string()))?;
    let not_found = || Problem::new(Kind::NotFound).detail(format!("nothing is at /docs/{path}"));
    let SwaggerFile { bytes, content_type, .. } = found.ok_or_else(not_found)?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    Ok((headers, bytes.into_owned()).into_response())
}
