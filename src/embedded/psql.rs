//! Statements for a private PostgreSQL, through its own `psql`: creating databases does not need
//! a driver, and `embedded` has none.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::cluster::USER;
use super::error::EmbeddedError;
use super::process::prepare;

/// Runs one statement in the database `postgres` and returns what it prints, unadorned.
pub(super) async fn run(
    bin_dir: &Path,
    port: u16,
    statement: &str,
) -> Result<String, EmbeddedError> {
    let mut command = Command::new(bin_dir.join("psql"));
    command.args(["--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--no-password"]);
    command.args(["--host=127.0.0.1", "--dbname=postgres", "--username", USER]);
    command.args(["--port", &port.to_string(), "--command", statement]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    prepare(command.as_std_mut(), None);
    let output = command.output().await;
    let output =
        output.map_err(|source| EmbeddedError::Process { program: "psql".into(), source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let detail = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(EmbeddedError::Statement { statement: statement.to_owned(), detail })
}

/// A name as SQL takes it, whatever is in it.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL takes it, whatever is in it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
