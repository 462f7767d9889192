//! Files in: seat maps and concerts.

mod error;
mod json;
pub mod seating_plan;
mod text;

pub use error::{ImportCause, ImportError, Mistake, Mistakes};
pub use json::Kind;
