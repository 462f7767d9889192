//! Whom PostgreSQL runs as, since it refuses to run as root.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::error::EmbeddedError;
use super::process::prepare;

/// A user of this machine other than ourselves.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The numeric user id.
    pub uid: u32,
    /// The numeric group id.
    pub gid: u32,
}

impl Account {
    /// The account for a PostgreSQL whose data is, or will be, in `cluster`; `None` means
    /// ourselves. Data that an ordinary user made stays that user's when root comes by.
    pub async fn for_postgres(cluster: &Path) -> Result<Option<Self>, EmbeddedError> {
        if id("-u", None).await? != Some(0) {
            return Ok(None);
        }
        if let Ok(made) = fs::metadata(cluster)
            && made.uid() != 0
        {
            return Ok(Some(Self { uid: made.uid(), gid: made.gid() }));
        }
        match (id("-u", Some("postgres")).await?, id("-g", Some("postgres")).await?) {
            (Some(uid), Some(gid)) => Ok(Some(Self { uid, gid })),
            _ => Err(EmbeddedError::NoPostgresUser),
        }
    }

    /// Whether this user may enter `directory`. It is tried rather than computed, because modes
    /// are only part of the answer.
    pub async fn can_enter(&self, directory: &Path) -> Result<bool, EmbeddedError> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r#"cd -- "$1""#, "frontrow-enter"]).arg(directory);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        prepare(command.as_std_mut(), Some(self));
        let status = command.status().await;
        let status =
            status.map_err(|source| EmbeddedError::Process { program: "sh".into(), source })?;
        Ok(status.success())
    }
}

/// Asks `id`, which also knows users that are not in `/etc/passwd`.
async fn id(flag: &str, user: Option<&str>) -> Result<Option<u32>, EmbeddedError> {
    let output = Command::new("id").arg(flag).args(user).output().await;
    let output =
        output.map_err(|source| EmbeddedError::Process { program: "id".into(), source })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
}
