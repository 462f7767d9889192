//! Texts that callers send to be kept.

use super::problem::{Kind, Problem, Result};

/// A text that says something and that every store can keep, or what is wrong with the field of the
/// body that it is in.
pub fn checked(field: &str, text: String, characters_max: usize) -> Result<String> {
    let characters = text.chars().count();
    let detail = if text.trim().is_empty() {
        format!("{field}: is empty")
    } else if characters > characters_max {
        format!("{field}: has {characters} characters, {characters_max} is the most")
    } else if text.chars().any(char::is_control) {
        format!("{field}: has a control character in it")
    } else {
        return Ok(text);
    };
    let problem = Problem::new(Kind::InvalidRequest);
    Err(problem.error("pointer", &format!("#/{field}"), &detail).detail(detail))
}
