//! Bounds on the words of a file, the same for seat maps and for concerts.

use crate::domain::limits::NAME_CHARACTERS_MAX;

/// What is wrong with a name, title, label or id, if anything is.
pub fn complaint(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Some(format!("{text:?} has a control character in it"));
    }
    let characters = text.chars().count();
    (characters > NAME_CHARACTERS_MAX)
        .then(|| format!("has {characters} characters, {NAME_CHARACTERS_MAX} is the most"))
}
