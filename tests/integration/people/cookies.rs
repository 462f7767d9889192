//! The site's cookie, and the pages that may use it.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::fixture::{PASSWORD, People};
use crate::support::problem::problem;

const FOREIGN: &str = "https://evil.example";

impl People {
    /// A request of a page's, with a cookie.
    fn page(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&str>,
        origin: Option<&str>,
    ) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.one.url));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request
    }

    async fn ask_for_cookie(&self, origin: Option<&str>) -> Response {
        let request = self.page(Method::POST, "/v1/sessions", None, origin);
        request.json(&json!({ "cookie": true })).send().await.unwrap()
    }

    /// A guest's cookie, as a browser sends it back.
    async fn cookie(&self) -> String {
        let answer = self.ask_for_cookie(Some(&self.one.url)).await;
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_page_of_the_site_gets_a_cookie_and_no_token() {
    let people = People::meet().await;
    let answer = people.ask_for_cookie(Some(&people.one.url)).await;
    assert_eq!(answer.status(), 201);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("frontrow=") && cookie.contains("; HttpOnly"), "{cookie}");
    assert!(cookie.contains("; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let body: Value = answer.json().await.unwrap();
    assert!(body.get("token").is_none(), "{body}");

    let host = people.one.url.strip_prefix("http://").unwrap();
    let answer = people.ask_for_cookie(Some(&format!("https://{host}"))).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-frontrow=") && cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn no_other_page_gets_a_cookie() {
    let people = People::meet().await;
    for origin in [None, Some(FOREIGN), Some("null")] {
        let answer = people.ask_for_cookie(origin).await;
        assert!(!answer.headers().contains_key("set-cookie"));
        problem(answer, 403, "foreign-origin").await;
    }
    let account = json!({ "email": "ada@example.org", "password": PASSWORD });
    let request = people.page(Method::POST, "/v1/users", None, None).json(&account);
    assert_eq!(request.send().await.unwrap().status(), 201);
    let mut sign_in = account.clone();
    sign_in["cookie"] = json!(true);
    let request = people.page(Method::POST, "/v1/sessions", None, Some(FOREIGN));
    problem(request.json(&sign_in).send().await.unwrap(), 403, "foreign-origin").await;
    assert_eq!(people.kept().await, 0, "no session was made");
}

#[tokio::test]
async fn by_cookie_a_foreign_page_changes_nothing() {
    let people = People::meet().await;
    let cookie = people.cookie().await;
    let path = format!("/v1/concerts/{}/reservations", people.concert);
    let claim = |origin: Option<&str>, key: &str, seat: &str| {
        let request = people.page(Method::POST, &path, Some(&cookie), origin);
        request.header("Idempotency-Key", key).json(&json!({ "seats": [seat] }))
    };
    for origin in [None, Some(FOREIGN), Some("null"), Some("http://127.0.0.1:1")] {
        problem(claim(origin, "k", "1-1").send().await.unwrap(), 403, "foreign-origin").await;
    }
    let mine = async || {
        let request = people.page(Method::GET, &path, Some(&cookie), None);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(mine().await["items"], json!([]), "nothing was held");

    let own = people.one.url.clone();
    let held = claim(Some(&own), "k", "1-1").send().await.unwrap();
    assert_eq!(held.status(), 201);
    let held: Value = held.json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    for (method, path) in [
        (Method::DELETE, format!("{path}/{id}")),
        (Method::POST, format!("{path}/{id}/confirm")),
        (Method::POST, format!("{path}/{id}/extend")),
        (Method::POST, "/v1/sessions/recovery".to_owned()),
        (Method::DELETE, "/v1/sessions/recovery".to_owned()),
        (Method::DELETE, "/v1/sessions/current".to_owned()),
        (Method::DELETE, "/v1/sessions".to_owned()),
    ] {
        let request = people.page(method, &path, Some(&cookie), Some(FOREIGN));
        problem(request.send().await.unwrap(), 403, "foreign-origin").await;
    }
    let account = json!({ "email": "evil@example.org", "password": PASSWORD });
    let request = people.page(Method::POST, "/v1/users", Some(&cookie), Some(FOREIGN));
    problem(request.json(&account).send().await.unwrap(), 403, "foreign-origin").await;
    let now = mine().await;
    assert_eq!(now["items"][0]["version"], held["version"], "it is as it was");
    assert_eq!(now["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_cookie_is_good_only_over_what_it_was_given_for() {
    let people = People::meet().await;
    let cookie = people.cookie().await;
    let host = people.one.url.strip_prefix("http://").unwrap();
    let https = format!("https://{host}");
    // As a machine on the way could plant it on the https site.
    let request = people.page(Method::DELETE, "/v1/sessions/current", Some(&cookie), Some(&https));
    problem(request.send().await.unwrap(), 403, "foreign-origin").await;
    let secure = format!("__Host-{cookie}");
    let request = people.page(Method::GET, "/v1/sessions/current", Some(&secure), None);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away() {
    let people = People::meet().await;
    for path in ["/v1/sessions/current", "/v1/sessions"] {
        let cookie = people.cookie().await;
        let own = people.one.url.as_str();
        let request = people.page(Method::DELETE, path, Some(&cookie), Some(own));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 204);
        let taken = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(taken.starts_with("frontrow=;") && taken.contains("Max-Age=0"), "{taken}");
        let request = people.page(Method::GET, "/v1/sessions/current", Some(&cookie), None);
        problem(request.send().await.unwrap(), 401, "unauthenticated").await;
    }
}

#[tokio::test]
async fn a_token_in_the_header_goes_before_the_cookie_and_needs_no_origin() {
    let people = People::meet().await;
    let cookie = people.cookie().await;
    let guest = people.guest().await;
    let user = guest.get("/v1/sessions/current").await["user"].clone();
    let current = guest.request(Method::GET, "/v1/sessions/current").header("cookie", &cookie);
    let current: Value = current.send().await.unwrap().json().await.unwrap();
    assert_eq!(current["user"], user);
    let bad = people.page(Method::GET, "/v1/sessions/current", Some(&cookie), None);
    let bad = bad.bearer_auth("A".repeat(43)).send().await.unwrap();
    problem(bad, 401, "unauthenticated").await;
    let end = guest.request(Method::DELETE, "/v1/sessions/current").header("origin", FOREIGN);
    assert_eq!(end.header("cookie", &cookie).send().await.unwrap().status(), 204);
    let request = people.page(Method::GET, "/v1/sessions/current", Some(&cookie), None);
    assert_eq!(request.send().await.unwrap().status(), 200, "the cookie's session goes on");
}
