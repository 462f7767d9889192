//! The documentation that people look at.

use super::app::{App, problem};

/// Everything that the page loads is here; a browser is told to load nothing from elsewhere.
#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let app = App::without_stores().await;
    let page = app.get("/docs").await;
    assert_eq!(page.url().path(), "/docs/", "it stands in a folder of its own");
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    let page = page.text().await.unwrap();
    let loaded = page
        .split(['"', '\''])
        .filter(|text| [".js", ".css", ".png"].iter().any(|end| text.ends_with(end)));
    let mut files = 0;
    for file in loaded {
        let file = file.trim_start_matches("./");
        assert!(!file.contains("://") && !file.starts_with("//"), "{file} is elsewhere");
        assert_eq!(app.get(&format!("/docs/{file}")).await.status(), 200, "{file}");
        files += 1;
    }
    assert!(files >= 4, "{page}");
    let set_up = app.get("/docs/swagger-initializer.js").await.text().await.unwrap();
    assert!(set_up.contains("/openapi.json") && set_up.contains(r#""validatorUrl": "none""#));
    problem(app.get("/docs/nothing.js").await, 404, "not-found").await;
}
