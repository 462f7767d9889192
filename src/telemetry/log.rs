//! The log, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The directives cannot be read.
    #[error("LOG: {0}")]
    Directives(#[from] tracing_subscriber::filter::ParseError),
    /// There is one already.
    #[error("the log was set up twice")]
    Twice(#[from] TryInitError),
}

/// Begins to log what `directives` ask for: for people, or with `json` one object a line.
///
/// # Errors
/// When the directives cannot be read, or somebody logs already.
pub fn log_to_stderr(json: bool, directives: &str) -> Result<(), LogError> {
    let filter = EnvFilter::builder().parse(directives)?;
    let registry = tracing_subscriber::registry().with(filter);
    // Colours are for a person at a terminal, and noise in a file.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    if json {
        let lines = lines.json().flatten_event(true).with_current_span(true);
        registry.with(lines.with_span_list(false)).try_init()?;
    } else {
        registry.with(lines).try_init()?;
    }
    Ok(())
}
