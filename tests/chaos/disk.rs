//! A disk of Redis's own, which can be full, and which can lose its power.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes of the disk: room for a long run, and soon filled.
const BYTES: u64 = 512 * 1024 * 1024;
/// Has the file system forget all that was not synced, as when the power fails (EXT4_IOC_SHUTDOWN,
/// EXT4_GOING_FLAGS_NOLOGFLUSH).
const CUT_POWER: &str = "import fcntl, os, struct, sys; \
     fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

/// A file system in a file.
pub struct Disk {
    image: PathBuf,
    /// Where it is mounted.
    pub mount: PathBuf,
}

impl Disk {
    /// A new one, in a directory; none where one may not mount.
    pub fn mount(directory: &Path) -> Option<Self> {
        let (image, mount) = (directory.join("disk.img"), directory.join("disk"));
        if fs::metadata("/proc/self").ok()?.uid() != 0 {
            return None;
        }
        fs::create_dir_all(&mount).ok()?;
        fs::File::create(&image).ok()?.set_len(BYTES).ok()?;
        let disk = Self { image, mount };
        let made = run("mkfs.ext4", &["-q", "-F", disk.image.to_str()?]);
        (made && disk.attach()).then_some(disk)
    }

    fn attach(&self) -> bool {
        let (image, mount) = (self.image.to_str().unwrap(), self.mount.to_str().unwrap());
        run("mount", &["-o", "loop", image, mount])
    }

    /// Cuts the power. Everything after the last sync is gone.
    pub fn cut_power(&self) {
        let cut = run("python3", &["-c", CUT_POWER, self.mount.to_str().unwrap()]);
        assert!(cut, "the power could not be cut");
    }

    /// Has the power back; nobody may have a file open there.
    pub fn restore_power(&self) {
        let unmounted = run("umount", &[self.mount.to_str().unwrap()]);
        assert!(unmounted && self.attach(), "the disk does not come back");
    }

    /// Leaves no room.
    pub fn fill(&self) {
        // It ends when there is no more room, which is what it is for.
        let zeros = "cat /dev/zero >\"$0\"";
        run("sh", &["-c", zeros, self.ballast().to_str().unwrap()]);
    }

    /// Leaves room again.
    pub fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.mount.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &["-l", self.mount.to_str().unwrap()]);
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}
