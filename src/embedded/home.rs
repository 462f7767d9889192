//! The directory one server lives in: its data, its log and its lock.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::account::Account;
use super::error::EmbeddedError;
use super::lock::DirectoryLock;

/// How much of a log an error quotes.
const LAST_LINES_MAX: usize = 12;
/// Where data goes that the account cannot reach where it was asked for. It outlives a reboot,
/// and everybody may enter it.
const RELOCATED: &str = "/var/tmp";
/// Data in a home is for nobody but the account its server runs as.
const PRIVATE: u32 = 0o700;

/// A server's directory, locked.
#[derive(Debug)]
pub(super) struct Home {
    /// Where it really is: absolute and free of links.
    path: PathBuf,
    /// Whether nothing was in it when it was opened.
    was_empty: bool,
    /// Keeps other processes off it.
    _lock: DirectoryLock,
}

impl Home {
    /// Makes the directory if need be, gives it to `account`, and locks it.
    pub async fn open(asked: &Path, account: Option<&Account>) -> Result<Self, EmbeddedError> {
        let failed = |source| EmbeddedError::directory(asked, source);
        // A link whose target somebody has cleared away is followed, not replaced.
        let target = fs::read_link(asked).unwrap_or_else(|_| asked.to_path_buf());
        fs::create_dir_all(target).map_err(failed)?;
        let mut path = fs::canonicalize(asked).map_err(failed)?;
        hand_over(&path, account)?;
        if let Some(account) = account
            && !account.can_enter(&path).await?
        {
            path = relocate(&path, account)?;
        }
        let was_empty = fs::read_dir(&path).map_err(failed)?.next().is_none();
        let lock = DirectoryLock::acquire(&path, "Frontrow")?;
        Ok(Self { path, was_empty, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there was nothing in it, so that removing it takes nothing of anybody's.
    pub fn was_empty(&self) -> bool {
        self.was_empty
    }

    /// The file that the server's output goes to.
    pub fn log_path(&self) -> PathBuf {
        self.path.join("server.log")
    }

    /// An empty log; that of the run before is kept beside it.
    pub fn new_log(&self) -> Result<File, EmbeddedError> {
        let path = self.log_path();
        // There is none the first time.
        let _ = fs::rename(&path, path.with_extension("log.old"));
        File::create(&path).map_err(|source| EmbeddedError::directory(&path, source))
    }

    /// The end of the log.
    pub fn last_lines(&self) -> String {
        let log = fs::read(self.log_path()).unwrap_or_default();
        last_lines(&String::from_utf8_lossy(&log))
    }
}

/// The last few lines of a text, for an error to quote.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LAST_LINES_MAX)..].join("\n")
}

fn hand_over(directory: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let failed = |source| EmbeddedError::directory(directory, source);
    if let Some(account) = account {
        require_trusted(directory, account)?;
    }
    fs::set_permissions(directory, fs::Permissions::from_mode(PRIVATE)).map_err(failed)?;
    if let Some(Account { uid, gid }) = account {
        std::os::unix::fs::chown(directory, Some(*uid), Some(*gid)).map_err(failed)?;
    }
    Ok(())
}

/// Puts the home where `account` can reach it, and a link to it where it was asked for: a clone
/// under /root is nothing the postgres user may enter.
fn relocate(asked: &Path, account: &Account) -> Result<PathBuf, EmbeddedError> {
    let digest = Sha256::digest(asked.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let target = Path::new(RELOCATED).join(format!("frontrow-{name}"));
    clear_abandoned(&target, account)?;

    let failed = |source| EmbeddedError::directory(&target, source);
    // Only an empty directory can be replaced by a link; data in it is not ours to move.
    fs::remove_dir(asked).map_err(|_| EmbeddedError::OutOfReach {
        path: asked.to_path_buf(),
        user: format!("with id {}", account.uid),
    })?;
    DirBuilder::new().mode(PRIVATE).create(&target).map_err(failed)?;
    hand_over(&target, Some(account))?;
    std::os::unix::fs::symlink(&target, asked)
        .map_err(|source| EmbeddedError::directory(asked, source))?;
    tracing::info!(
        asked = %asked.display(),
        used = %target.display(),
        "the data is kept elsewhere, linked from where it was asked for, because the user that \
         PostgreSQL runs as may not enter that directory"
    );
    Ok(target)
}

/// Removes a relocated home that nothing links to any more: somebody deleted the link to start
/// afresh, and must not find the old data again.
fn clear_abandoned(target: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let failed = |source| EmbeddedError::directory(target, source);
    if !fs::exists(target).map_err(failed)? {
        return Ok(());
    }
    require_trusted(target, account)?;
    let _lock = DirectoryLock::acquire(target, "Frontrow")?;
    tracing::info!(removed = %target.display(), "removing data that nothing links to any more");
    fs::remove_dir_all(target).map_err(failed)
}

/// Everybody can make directories in the place for relocated homes, so one that is there already
/// may be a trap.
fn require_trusted(directory: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let failed = |source| EmbeddedError::directory(directory, source);
    let found = fs::symlink_metadata(directory).map_err(failed)?;
    if found.is_dir() && [0, account.uid].contains(&found.uid()) {
        return Ok(());
    }
    let why = "it belongs to another user: remove it";
    Err(failed(io::Error::new(io::ErrorKind::PermissionDenied, why)))
}
