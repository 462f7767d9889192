//! Ports on 127.0.0.1: finding a free one, and saying who has a taken one.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

use super::error::EmbeddedError;

/// Free ports are taken from below the range that outgoing connections use (32768 and up on
/// Linux). Inside it a client that tries to reach a stopped server can be given that server's
/// port as its own, and the server then cannot come back to it.
const FREE_PORTS: Range<u16> = 15_000..32_000;
/// How many ports are tried before giving up.
const FREE_PORT_TRIES_MAX: usize = 100;

/// A port nobody listens on. Somebody may take it before the server does, so a start that finds
/// it taken has to ask again.
pub(super) fn free() -> Result<u16, EmbeddedError> {
    let mut taken = FREE_PORTS.start;
    for _ in 0..FREE_PORT_TRIES_MAX {
        let mut random = [0; 2];
        getrandom::fill(&mut random).map_err(|error| EmbeddedError::Process {
            program: "the random number generator".into(),
            source: io::Error::other(error),
        })?;
        let port =
            FREE_PORTS.start + u16::from_ne_bytes(random) % (FREE_PORTS.end - FREE_PORTS.start);
        match require_free(port) {
            Ok(()) => return Ok(port),
            Err(_) => taken = port,
        }
    }
    Err(taken_error(taken))
}

/// Says who is in the way when `port` cannot be listened on.
pub(super) fn require_free(port: u16) -> Result<(), EmbeddedError> {
    // The standard library sets SO_REUSEADDR, as the servers do, so closed connections that
    // linger do not count.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|_| taken_error(port))
}

/// The error for a port that somebody else has.
pub(super) fn taken_error(port: u16) -> EmbeddedError {
    EmbeddedError::PortTaken { port, holder: port_holder(port) }
}

/// Who listens on a port, as far as this user may know, for a sentence.
pub fn port_holder(port: u16) -> String {
    let holder = listening_socket(port).and_then(|inode| process_with_socket(&inode));
    holder.unwrap_or_else(|| "another program".to_owned())
}

/// The inode of the socket that listens on `port`, from Linux's socket tables.
fn listening_socket(port: u16) -> Option<String> {
    const STATE_LISTEN: &str = "0A";
    let local_end = format!(":{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| {
        fs::read_to_string(table).ok()?.lines().find_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let listens = columns.get(1)?.ends_with(&local_end) && columns.get(3)? == &STATE_LISTEN;
            listens.then(|| columns.get(9).map(|inode| (*inode).to_owned()))?
        })
    })
}

/// The name and pid of the process that has a socket; only root sees those of other users.
fn process_with_socket(inode: &str) -> Option<String> {
    let wanted = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let name = process.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let has_it = fs::read_dir(process.path().join("fd"))
            .into_iter()
            .flatten()
            .flatten()
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|link| link.as_os_str() == &*wanted));
        if has_it {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (pid {pid})", name.trim()));
        }
    }
    None
}
