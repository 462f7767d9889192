//! One owner at a time for a directory.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;

use super::error::EmbeddedError;

/// An exclusive lock on a directory, held until it is dropped or this process ends. Programs that
/// are started do not inherit it, so a server that lingers after its owner does not hold it.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    /// The locked file, which names its owner.
    file: File,
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
        Ok(Self { file })
    }
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // Closing the file is not enough: another thread may be starting a program just now, and
        // until that is loaded, its process has the file open, too. Should this fail, it only
        // takes that much longer.
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_lock_that_was_given_up_can_be_taken_while_programs_are_started() {
        let dir = tempfile::tempdir().unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        Command::new("/bin/true").status().unwrap();
                    }
                });
            }
            let taken = (0..500).all(|_| DirectoryLock::acquire(dir.path(), "a test").is_ok());
            done.store(true, Ordering::Relaxed);
            assert!(taken, "somebody still had it");
        });
    }
}
