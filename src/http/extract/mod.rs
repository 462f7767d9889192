//! What handlers take from requests, each with the problem it is when it is missing or wrong.

mod caller;
mod idempotency_key;
mod json;
mod page;
mod path;
mod prefer;

#[allow(unused_imports, reason = "the routes of /v1/admin come with the next commits")]
pub use caller::Organiser;
pub use caller::{BearerToken, Caller};
pub use idempotency_key::IdempotencyKey;
pub use json::JsonBody;
pub use page::Page;
pub use path::{InConcert, OfReservation};
pub use prefer::Wait;
