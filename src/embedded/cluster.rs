//! The files of a PostgreSQL ("cluster", as it calls them): making them, and whose they are.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::account::Account;
use super::binaries::PostgresPrograms;
use super::error::EmbeddedError;
use super::home::last_lines;
use super::process::{Launch, Supervised};

/// The superuser of a private PostgreSQL, and the only user it has.
pub(super) const USER: &str = "frontrow";

/// How the names of clusters in the making begin.
const UNFINISHED: &str = "cluster.unfinished";

/// Where in a home the cluster is.
pub(super) fn path(home: &Path) -> PathBuf {
    home.join("cluster")
}

/// The major version that made the cluster, if there is one.
pub(super) fn made_by(home: &Path) -> Option<String> {
    let version = fs::read_to_string(path(home).join("PG_VERSION")).ok()?;
    Some(version.trim().to_owned())
}

/// Makes a cluster unless there is one, which must be of the right major version.
pub(super) async fn ensure(
    home: &Path,
    programs: &PostgresPrograms,
    account: Option<&Account>,
    fast: bool,
) -> Result<(), EmbeddedError> {
    let cluster = path(home);
    if let Some(made_by) = made_by(home) {
        if made_by == programs.major.to_string() {
            return Ok(());
        }
        let installed = programs.major.to_string();
        return Err(EmbeddedError::OtherMajor { path: cluster, made_by, installed });
    }
    // Made beside its place and moved there when complete: if we are killed meanwhile, what is
    // left does not look like a cluster, and the next start begins again. The name is our own,
    // because the initdb of a run that was killed may be about to write its last.
    remove_unfinished(home);
    let unfinished = home.join(format!("{UNFINISHED}-{}", std::process::id()));
    initdb(home, &unfinished, programs, account, fast).await?;
    fs::rename(&unfinished, &cluster).map_err(|error| EmbeddedError::directory(&cluster, error))
}

fn remove_unfinished(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
            // What cannot be removed now is removed by the next start.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

async fn initdb(
    home: &Path,
    directory: &Path,
    programs: &PostgresPrograms,
    account: Option<&Account>,
    fast: bool,
) -> Result<(), EmbeddedError> {
    let mut arguments: Vec<OsString> = vec!["--pgdata".into(), directory.into()];
    arguments.extend(["--username".into(), USER.into(), "--auth=trust".into()]);
    arguments.extend(["--encoding=UTF8".into(), "--locale=C".into()]);
    if fast {
        arguments.push("--no-sync".into());
    }
    let log_path = home.join("initdb.log");
    let log = File::create(&log_path).map_err(|e| EmbeddedError::directory(&log_path, e))?;
    // On a lifeline like a server, so that it does not go on when we are killed.
    let launch = Launch {
        program: programs.bin_dir.join("initdb"),
        arguments,
        account: account.cloned(),
        stop_signal: "TERM",
        log,
        remove: None,
    };
    let failed = |source| EmbeddedError::Process { program: "initdb".into(), source };
    let mut process = Supervised::spawn(launch).await.map_err(failed)?;
    if process.outcome().await.map_err(failed)?.success() {
        return Ok(());
    }
    let said = fs::read(&log_path).unwrap_or_default();
    Err(EmbeddedError::died("initdb", home, log_path, last_lines(&String::from_utf8_lossy(&said))))
}
