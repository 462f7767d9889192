//! Reading JSON so that what is wrong with it can be found again in the file.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::error::Mistakes;

/// What a file holds, as its top-level keys tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A seating plan: it has `zones`.
    SeatingPlan,
    /// A seating plan as pretix's API answers it: it has a `layout`, which has the `zones`.
    WrappedSeatingPlan,
    /// Concerts: it has `concerts`.
    Concerts,
}

/// The keys that tell one kind from another.
#[derive(Deserialize)]
struct TopLevel {
    #[serde(default)]
    zones: Option<IgnoredAny>,
    #[serde(default)]
    layout: Option<IgnoredAny>,
    #[serde(default)]
    concerts: Option<IgnoredAny>,
}

/// Tells what a file holds.
///
/// # Errors
/// When it is not JSON, not an object, or has the keys of no kind or of several.
pub fn kind(bytes: &[u8]) -> Result<Kind, Mistakes> {
    let keys: TopLevel = read(bytes)?;
    object(bytes)?;
    match (keys.zones, keys.layout, keys.concerts) {
        (Some(_), None, None) => Ok(Kind::SeatingPlan),
        (None, Some(_), None) => Ok(Kind::WrappedSeatingPlan),
        (None, None, Some(_)) => Ok(Kind::Concerts),
        (None, None, None) => Err(Mistakes::one(
            "",
            "neither a seat map, which has `zones`, nor concerts, which have `concerts`",
        )),
        _ => Err(Mistakes::one(
            "",
            "only one of `zones`, `layout` and `concerts` can be there: \
             seat maps and concerts are files of their own",
        )),
    }
}

/// Makes sure that JSON is an object: serde would take a list for one, field by field.
///
/// # Errors
/// When it is none.
pub fn object(bytes: &[u8]) -> Result<(), Mistakes> {
    match bytes.iter().find(|byte| b"{[".contains(byte)) {
        Some(b'[') => Err(Mistakes::one("", "not a JSON object")),
        _ => Ok(()),
    }
}

/// Reads a value.
///
/// # Errors
/// What is wrong: with line and column, and for a value of the wrong shape with its path.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Mistakes> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Keeping track of the path costs as much as reading does, so only a file that turns out to
    // need it is read in that way.
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, error))
}

/// The mistake behind `error`, found by reading again with an eye on the path.
fn explain<T: DeserializeOwned>(bytes: &[u8], error: serde_json::Error) -> Mistakes {
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => {
            return Mistakes::one("", format!("not JSON: {error}"));
        }
        Category::Data => {}
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => Mistakes::one("", error.to_string()),
        Err(traced) => at_path(&traced.path().to_string(), traced.inner()),
    }
}

/// Puts the missing key into the path, where whoever mends the file looks for it.
fn at_path(path: &str, error: &serde_json::Error) -> Mistakes {
    let text = error.to_string();
    let place = format!("(line {}, column {})", error.line(), error.column());
    let what = text.rsplit_once(" at line ").map_or(&*text, |(what, _)| what);
    let what = for_people(what);
    let path = if path == "." { "" } else { path };
    match what.strip_prefix("missing field `") {
        Some(key) => {
            let dot = if path.is_empty() { "" } else { "." };
            let key = key.trim_end_matches('`');
            Mistakes::one(format!("{path}{dot}{key}"), format!("is missing {place}"))
        }
        None => Mistakes::one(path, format!("{what} {place}")),
    }
}

/// Rust's names of types, in words.
fn for_people(what: &str) -> String {
    let Some((given, expected)) = what.rsplit_once("expected ") else {
        return what.to_owned();
    };
    let expected = match expected {
        "f64" => "a number",
        "u32" => "a whole number between 0 and 4294967295",
        "a sequence" => "a list",
        struct_name if struct_name.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{given}expected {expected}")
}
