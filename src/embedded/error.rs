//! What can go wrong when a server is started here, each as a sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why a private server could not be started, stopped or asked.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The program is nowhere on this machine.
    #[error(
        "{program} not found: install it with 'apt-get install {package}', \
         or run 'frontrow serve' with {variable} pointing at a server"
    )]
    BinaryMissing {
        /// The program looked for.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
        /// The variable that makes it unnecessary.
        variable: &'static str,
    },
    /// The program is there, but older than what this project needs.
    #[error(
        "{} is version {found}, and Frontrow needs {needed} or newer: upgrade it, \
         or run 'frontrow serve' with {variable} pointing at a newer server",
        path.display()
    )]
    VersionTooOld {
        /// The program that was asked.
        path: PathBuf,
        /// What it answered.
        found: String,
        /// The oldest version that will do.
        needed: &'static str,
        /// The variable that makes it unnecessary.
        variable: &'static str,
    },
    /// The program does not run, or does not say its version.
    #[error("{} does not work: {detail}; reinstall it", path.display())]
    BinaryBroken {
        /// The program that was asked.
        path: PathBuf,
        /// What happened instead of an answer.
        detail: String,
    },
    /// Somebody else listens on the port that was asked for.
    #[error("port {port} is taken by {holder}: stop that program, or choose another port")]
    PortTaken {
        /// The port asked for.
        port: u16,
        /// Who has it, as far as this user may know.
        holder: String,
    },
    /// The data directory cannot be made, read or written.
    #[error(
        "cannot use {}: {source}; make it writable for this user or choose another directory",
        path.display()
    )]
    Directory {
        /// The file or directory concerned.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk that holds the data directory is full.
    #[error("no space left on the disk that holds {}: free some and start again", path.display())]
    DiskFull {
        /// The data directory.
        path: PathBuf,
    },
    /// Another process has the data directory open.
    #[error(
        "{} is in use by {holder}: stop that first, or choose another directory",
        path.display()
    )]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// Who has it.
        holder: String,
    },
    /// The data was made by a PostgreSQL that is not installed (any more).
    #[error(
        "{} holds data of PostgreSQL {made_by}, but this machine has PostgreSQL {installed}: \
         install it with 'apt-get install postgresql-{made_by}', or move the directory away \
         to start empty",
        path.display()
    )]
    OtherMajor {
        /// The data directory.
        path: PathBuf,
        /// The major version that wrote it.
        made_by: String,
        /// The major version found here.
        installed: String,
    },
    /// PostgreSQL refuses to run as root, and there is nobody else to run it as.
    #[error(
        "PostgreSQL does not run as root, and this machine has no user 'postgres': \
         run Frontrow as an ordinary user, or install PostgreSQL with 'apt-get install postgresql'"
    )]
    NoPostgresUser,
    /// The user that PostgreSQL runs as may not enter the data directory.
    #[error(
        "the user {user} that PostgreSQL runs as may not enter {}, and there is data in it \
         already: move it to a directory that user can reach",
        path.display()
    )]
    OutOfReach {
        /// The data directory.
        path: PathBuf,
        /// The user that cannot enter it.
        user: String,
    },
    /// The server, or `initdb`, ended instead of starting.
    #[error("{program} ended while starting; the last it said (in {}):\n{last_lines}", log.display())]
    Died {
        /// The program that ended.
        program: &'static str,
        /// Where all of its output is.
        log: PathBuf,
        /// The end of its output.
        last_lines: String,
    },
    /// The server ran, and ended although nobody had told it to.
    #[error(
        "{program} has ended by itself; the last it said (in {}):\n{last_lines}",
        log.display()
    )]
    Gone {
        /// The program that ended.
        program: &'static str,
        /// Where all of its output is.
        log: PathBuf,
        /// The end of its output.
        last_lines: String,
    },
    /// The server runs but does not get ready.
    #[error(
        "{program} was not ready after {seconds} s and was stopped; the last it said (in {}):\n\
         {last_lines}",
        log.display()
    )]
    TooSlow {
        /// The program that was waited for.
        program: &'static str,
        /// How long it was waited for.
        seconds: u64,
        /// Where all of its output is.
        log: PathBuf,
        /// The end of its output.
        last_lines: String,
    },
    /// A server does not end, however it is asked.
    #[error("the server with pid {pid} does not stop: end it with 'kill -9 {pid}' and start again")]
    DoesNotStop {
        /// The server.
        pid: u32,
    },
    /// PostgreSQL refused a statement.
    #[error("PostgreSQL refused '{statement}': {detail}")]
    Statement {
        /// What it was asked.
        statement: String,
        /// What it answered.
        detail: String,
    },
    /// A helper program could not be run at all.
    #[error("cannot run {program}: {source}")]
    Process {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Turns what the system said about `path` into the sentence that fits it.
    pub(super) fn directory(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        if source.kind() == io::ErrorKind::StorageFull {
            Self::DiskFull { path }
        } else {
            Self::Directory { path, source }
        }
    }

    /// The error for a program that ended early, by the last it said.
    pub(super) fn died(
        program: &'static str,
        home: &Path,
        log: PathBuf,
        last_lines: String,
    ) -> Self {
        Self::full(home, &last_lines).unwrap_or(Self::Died { program, log, last_lines })
    }

    /// The error for a server that ended in the midst of its work, by the last it said.
    pub(super) fn gone(
        program: &'static str,
        home: &Path,
        log: PathBuf,
        last_lines: String,
    ) -> Self {
        Self::full(home, &last_lines).unwrap_or(Self::Gone { program, log, last_lines })
    }

    fn full(home: &Path, last_lines: &str) -> Option<Self> {
        // Redis says the second of what fitted only in part.
        let signs = ["No space left on device", "Short write while writing to the AOF file"];
        let full = signs.iter().any(|sign| last_lines.contains(sign));
        full.then(|| Self::DiskFull { path: home.to_path_buf() })
    }
}
