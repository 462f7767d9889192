//! Every mistake that a caller can make gets a problem that says what was wrong, and changes
//! nothing: the whole of Redis and of PostgreSQL is compared before and after each.

mod addresses;
mod bodies;
mod callers;
mod house;
mod keys;
mod sales;
mod verbs;

use reqwest::RequestBuilder;

use crate::support::problem::problem;
use house::House;

/// A request that is wrong, and what has to be said about it.
struct Mistake {
    /// A name for it.
    what: String,
    request: RequestBuilder,
    status: u16,
    /// The end of the problem's type.
    slug: &'static str,
    /// Words that must be in the answer.
    says: &'static str,
}

fn mistake(
    what: impl Into<String>,
    request: RequestBuilder,
    (status, slug): (u16, &'static str),
    says: &'static str,
) -> Mistake {
    Mistake { what: what.into(), request, status, slug, says }
}

impl House {
    /// Makes the mistakes one after the other.
    async fn makes(&self, mistakes: Vec<Mistake>) {
        self.until_still().await;
        let before = self.everything().await;
        for Mistake { what, request, status, slug, says } in mistakes {
            println!("{what}");
            let body = problem(request.send().await.unwrap(), status, slug).await;
            let text = body.to_string();
            assert!(text.contains(says), "{what}: {says:?} is not in {text}");
            for internal in ["127.0.0.1", "src/", "panicked", "redis", "Redis", "sql"] {
                assert!(!text.contains(internal), "{what}: {internal:?} is in {text}");
            }
            let changed = before.changes_to(&self.everything().await);
            assert!(changed.is_empty(), "{what} changed {changed:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_mistake_is_seen_to_change_something() {
    let house = House::open().await;
    house.until_still().await;
    let (before, concert) = (house.everything().await, &house.concert);
    house.hold(concert, "1-1").await;
    let held = house.everything().await;
    assert!(before.changes_to(&held).iter().any(|key| key.ends_with(":seats")));
    house.hold_that_was(concert, "1-2", &["confirm"]).await;
    house.until_still().await;
    let changed = held.changes_to(&house.everything().await);
    assert!(changed.contains("table reservation_seats"), "{changed:?}");
}
