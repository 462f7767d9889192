//! Which part of the source may use which, and what each file owes its reader. Nothing here runs
//! the service: the tests read its source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Top down. A part may use every lower rank, and of its own rank only itself.
const RANKS: &[&[&str]] = &[
    &["cli"],
    &["lab", "rush"],
    &["app"],
    &["http", "worker"],
    &["reservations", "audit"],
    &["catalogue", "identity", "live"],
    &["cache"],
    &["inventory", "ledger"],
    &["domain"],
    // Anyone may use these, and they use nobody, not even each other.
    &["config", "telemetry"],
];

/// Private servers are for trying, measuring and testing: what serves must not depend on them.
const USERS_OF_EMBEDDED: &[&str] = &["cli", "lab", "rush"];

/// Crates that reach the outside, and the only places from where they may be named.
const OWNERS: &[(&str, &[&str])] = &[
    ("redis", &["inventory", "cache", "identity", "lab"]),
    ("deadpool_redis", &["inventory", "cache", "identity", "lab"]),
    ("rslock", &["inventory", "lab"]),
    ("sqlx", &["ledger", "lab"]),
    ("axum", &["http", "cli/serve"]),
    ("axum_extra", &["http"]),
    ("tower", &["http"]),
    ("hyper", &["http", "rush"]),
    ("hyper_util", &["http", "rush"]),
];

const LINES_MAX: usize = 400;

#[test]
fn imports_point_downward() {
    let mut wrong = Vec::new();
    for source in sources("src", "rs") {
        for target in source.parts_used() {
            wrong.extend(forbidden(source.part(), &target).map(|why| source.says(&why)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_that_reach_the_outside_are_used_by_their_owners_only() {
    let mut wrong = Vec::new();
    for source in sources("src", "rs") {
        for (name, owners) in OWNERS {
            let owned = owners.iter().any(|owner| Path::new(&source.name).starts_with(owner));
            // A folder may have a module of a crate's name.
            let is_module = source.code.contains(&format!("mod {name};"));
            if !owned && !is_module && paths_from(&source.code, name).next().is_some() {
                wrong.push(source.says(&format!("uses {name}, which belongs to {owners:?}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long_to_be_read_in_one_go() {
    let kinds = [("src", "rs"), ("src", "sql"), ("tests", "rs"), ("benches", "rs"), ("lua", "lua")];
    let files = kinds.into_iter().flat_map(|(folder, extension)| files(folder, extension));
    for file in files {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", file.display());
    }
}

#[test]
fn every_script_begins_by_saying_what_it_is_for() {
    let scripts = files("lua", "lua");
    assert!(scripts.len() > 5, "{scripts:?}");
    for script in scripts {
        let text = fs::read_to_string(&script).unwrap();
        let header = text.lines().take_while(|line| line.starts_with("-- "));
        assert!(header.count() >= 1, "{} has no header", script.display());
    }
}

#[test]
fn every_way_to_name_a_part_is_seen() {
    let used = |name: &str, code: &str| {
        let source = Source { name: name.to_owned(), code: code_of(code) };
        source.parts_used().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(used("http/a", "use crate::ledger::x; // crate::cli"), ["ledger"]);
    assert_eq!(used("http/a", "fn f() -> crate::app::App {}"), ["app"]);
    assert_eq!(used("http/a", "use crate::{app, config::{a, b}};"), ["app", "config"]);
    assert_eq!(used("http/a", "use crate::{self as frontrow, app};"), ["app", "self"]);
    assert_eq!(used("http/a", "use super::problem;"), [""; 0]);
    assert_eq!(used("http/mod", "use super::app::App;"), ["app"]);
    assert_eq!(used("app", "use super::{http, config};"), ["config", "http"]);
    assert_eq!(used("http/a/b", "use super::super::super::app;"), ["app"]);
    assert_eq!(used("http/a/b", "use super::super::app;"), [""; 0]);
    assert_eq!(forbidden("http", "app").unwrap(), "uses app, which is above http");
    assert!(forbidden("http", "worker").is_some() && forbidden("http", "http").is_none());
    assert!(forbidden("domain", "telemetry").is_none() && forbidden("domain", "ledger").is_some());
    assert!(forbidden("app", "embedded").is_some() && forbidden("cli", "embedded").is_none());
    assert!(forbidden("embedded", "config").is_some() && forbidden("http", "other").is_some());
    assert!(paths_from("use redis::Client;", "redis").next().is_some());
    assert!(paths_from("use super::redis::A; deadpool_redis::B", "redis").next().is_none());
}

/// A file of the source.
struct Source {
    /// Its path below `src`, without the extension.
    name: String,
    /// Its text without comments.
    code: String,
}

impl Source {
    /// The top-level module that it belongs to.
    fn part(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The top-level modules that it names.
    fn parts_used(&self) -> BTreeSet<String> {
        let from_root = paths_from(&self.code, "crate").flat_map(heads);
        let upward = paths_from(&self.code, "super").filter_map(|path| self.past_root(path));
        // In a module of tests inside the file, this goes one step too far, and names no part.
        let upward = upward.flat_map(heads).filter(|name| is_part(name));
        from_root.chain(upward).collect()
    }

    /// What follows as many `super` as lead to the root of the crate, the first one taken off.
    fn past_root<'a>(&self, mut path: &'a str) -> Option<&'a str> {
        let folders = self.name.split('/').filter(|folder| *folder != "mod").count();
        let mut steps = 1;
        while let Some(further) = path.strip_prefix("super::") {
            (path, steps) = (further, steps + 1);
        }
        (steps >= folders).then_some(path)
    }

    fn says(&self, what: &str) -> String {
        format!("src/{}.rs {what}", self.name)
    }
}

/// Why a part may not use another, if it may not.
fn forbidden(part: &str, target: &str) -> Option<String> {
    if part == target {
        return None;
    }
    if part == "embedded" {
        return Some(format!("uses {target}, and embedded stands alone"));
    }
    if target == "embedded" {
        let allowed = USERS_OF_EMBEDDED.contains(&part);
        return (!allowed).then(|| format!("uses embedded, which is for {USERS_OF_EMBEDDED:?}"));
    }
    let (Some(own), Some(other)) = (rank(part), rank(target)) else {
        return Some(format!("uses {target}, and one of them has no rank"));
    };
    (other <= own).then(|| {
        let place = if other < own { "above" } else { "beside" };
        format!("uses {target}, which is {place} {part}")
    })
}

fn is_part(name: &str) -> bool {
    name == "embedded" || rank(name).is_some()
}

fn rank(part: &str) -> Option<usize> {
    RANKS.iter().position(|rank| rank.contains(&part))
}

/// What follows `root::` wherever a path begins with it.
fn paths_from<'a>(code: &'a str, root: &str) -> impl Iterator<Item = &'a str> {
    let root = format!("{root}::");
    let ends: Vec<_> = code.match_indices(&root).map(|(at, _)| (at, at + root.len())).collect();
    ends.into_iter().filter_map(move |(at, end)| {
        let before = code[..at].chars().next_back();
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        begins.then_some(&code[end..])
    })
}

/// The first names of a path, of which a group in braces has several.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| {
        let text = text.trim_start();
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut depth, mut heads, mut begin) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(&group[begin..at]));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

fn code_of(text: &str) -> String {
    let without = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(without).collect::<Vec<_>>().join("\n")
}

fn sources(folder: &str, extension: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = files(folder, extension);
    assert!(files.len() > 100, "these are not all: {files:?}");
    let read = |file: PathBuf| {
        let name = file.strip_prefix(&root).unwrap().with_extension("");
        let code = code_of(&fs::read_to_string(&file).unwrap());
        Source { name: name.to_str().unwrap().to_owned(), code }
    };
    // The binary's one line has no part to belong to, and names only the library's front door.
    files.into_iter().map(read).filter(|source| source.name != "main").collect()
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
