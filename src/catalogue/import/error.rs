//! What an import says when it refuses a file: where, and what is wrong there.

use std::borrow::Cow;
use std::fmt;

use crate::domain::limits::MISTAKES_NAMED_MAX;
use crate::domain::shortened::shortened;
use crate::ledger::LedgerError;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where in the file, as `zones[1].rows[3]`; empty for the file as a whole.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.what),
            path => write!(f, "{path}: {}", self.what),
        }
    }
}

/// Everything that is wrong with a file: the first [`MISTAKES_NAMED_MAX`] in full, the rest counted,
/// because a file with one systematic mistake has it ninety thousand times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    named: Vec<Mistake>,
    more: usize,
}

impl Mistakes {
    /// A single mistake.
    pub fn one(path: impl Into<String>, what: impl Into<String>) -> Self {
        let mut mistakes = Self::default();
        mistakes.add(|| path.into(), what);
        mistakes
    }

    /// Adds a mistake. The path is made only if it will be shown.
    pub fn add(&mut self, path: impl FnOnce() -> String, what: impl Into<String>) {
        if self.named.len() == MISTAKES_NAMED_MAX {
            self.more += 1;
            return;
        }
        let what = shortened(Cow::Owned(what.into())).into_owned();
        self.named.push(Mistake { path: path(), what });
    }

    /// The same, seen from within `outer`: the file was one part of a larger one.
    pub fn within(mut self, outer: &str) -> Self {
        for mistake in &mut self.named {
            if let Some(inner) = mistake.path.strip_prefix(outer) {
                mistake.path = inner.trim_start_matches('.').to_owned();
            }
        }
        self
    }

    /// The mistakes that are named.
    pub fn named(&self) -> &[Mistake] {
        &self.named
    }

    /// How many there are beyond the named ones.
    pub fn more(&self) -> usize {
        self.more
    }

    /// `value`, if nothing is wrong.
    ///
    /// # Errors
    /// The mistakes, if there are any.
    pub fn unless_any<T>(self, value: T) -> Result<T, Self> {
        if self.named.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// Why a file was not imported. Nothing of it was.
#[derive(Debug)]
pub struct ImportError {
    /// The file, as the caller named it.
    pub file: String,
    /// What happened.
    pub cause: ImportCause,
}

/// What stopped an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportCause {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The file is not what it should be.
    #[error("{} mistakes", .0.named.len() + .0.more)]
    Mistakes(Mistakes),
    /// A seat map's name is another organiser's, or everybody's.
    #[error("the name {0:?} is another's: give the seat map a name of its own")]
    NameTaken(String),
    /// PostgreSQL did not take it.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
}

impl From<Mistakes> for ImportCause {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ImportCause::Mistakes(mistakes) = &self.cause else {
            return write!(f, "{}: {}", self.file, self.cause);
        };
        for (index, mistake) in mistakes.named.iter().enumerate() {
            let end_of_previous = if index == 0 { "" } else { "\n" };
            write!(f, "{end_of_previous}{}: {mistake}", self.file)?;
        }
        if mistakes.more > 0 {
            write!(f, "\n{}: and {} more", self.file, mistakes.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
