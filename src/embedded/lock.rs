//! One owner at a time for a directory.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;

use super::error::EmbeddedError;

/// An exclusive lock on a directory, held until it is dropped or this process ends. Children do
/// not inherit it, so a server that lingers after its owner does not hold it.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    /// The locked file, which names its owner.
    _file: File,
}

impl DirectoryLock {
    /// Takes the lock, or says who has it. It never waits.
    pub fn acquire(directory: &Path, owner: &str) -> Result<Self, EmbeddedError> {
        let path = directory.join("lock");
        let failed = |source| EmbeddedError::directory(&path, source);
        // Not truncated on opening, because somebody else's name may be in it.
        let mut options = File::options();
        let mut file =
            options.create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                let holder = match holder.trim() {
                    "" => "another process".to_owned(),
                    holder => holder.to_owned(),
                };
                return Err(EmbeddedError::InUse { path: directory.to_path_buf(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{owner} (pid {})", std::process::id()).map_err(failed)?;
        Ok(Self { _file: file })
    }
}
