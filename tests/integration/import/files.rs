//! What can be imported at all.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::Duration;

use frontrow::catalogue::import::import_file;
use tokio::time::timeout;

use super::fixture::pool;

#[tokio::test]
async fn what_is_no_file_is_refused_and_not_waited_for() {
    let pool = pool().await;
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Held open, so that whoever reads it all the same ends with this test.
    let _held = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    for path in [pipe.as_path(), dir.path()] {
        let refused = timeout(Duration::from_secs(10), import_file(&pool, path)).await;
        let refused = refused.expect("nobody writes into it").unwrap_err().to_string();
        let says = "is not a file: save what is to be imported as one";
        assert_eq!(refused, format!("{}: {says}", path.display()));
    }
    let missing = import_file(&pool, &dir.path().join("missing")).await.unwrap_err().to_string();
    assert!(missing.contains("cannot be read: No such file"), "{missing}");
}
