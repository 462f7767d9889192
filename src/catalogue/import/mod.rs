//! Files in: seat maps and concerts, each file all or nothing.

pub mod concert_file;
mod error;
mod json;
mod report;
pub mod seating_plan;
mod text;

use std::io::Read;
use std::path::Path;

use bytes::Bytes;

use crate::domain::ids::{SeatMapId, UserId};
use crate::domain::limits::IMPORT_FILE_BYTES_MAX;
use crate::ledger::concert_import::ConcertImport;
use crate::ledger::seat_maps::Importer;
use crate::ledger::{PgPool, seat_maps};

use concert_file::Entry;
use seating_plan::SeatingPlan;

pub use error::{ImportCause, ImportError, Mistake, Mistakes};
pub use json::Kind;
pub use report::{ImportReport, ImportedMap};

/// A file that was read and checked, as far as the file alone allows.
enum Parsed {
    SeatingPlan(SeatingPlan),
    Concerts(Vec<Entry>),
}

/// Imports a file: what it holds is recognised by its keys.
///
/// # Errors
/// Why it was refused, naming the file as `path` does; nothing of it was imported then.
pub async fn import_file(pool: &PgPool, path: &Path) -> Result<ImportReport, ImportError> {
    let file = path.display().to_string();
    let path = path.to_owned();
    let read = move || parse(&read(&path)?);
    import_with(pool, read).await.map_err(|cause| ImportError { file, cause })
}

/// Imports what a file named `file` would hold.
///
/// # Errors
/// Why it was refused; nothing of it was imported then.
pub async fn import_bytes(
    pool: &PgPool,
    file: &str,
    bytes: Vec<u8>,
) -> Result<ImportReport, ImportError> {
    import_with(pool, move || parse(&bytes))
        .await
        .map_err(|cause| ImportError { file: file.to_owned(), cause })
}

/// Imports a seating plan for an organiser.
///
/// # Errors
/// Why it was refused; nothing of it was imported then.
pub async fn import_seat_map(
    pool: &PgPool,
    bytes: Bytes,
    importer: &Importer,
) -> Result<ImportedMap, ImportCause> {
    let parsed = tokio::task::spawn_blocking(move || parse(&bytes)).await;
    match parsed.map_err(std::io::Error::other)?? {
        Parsed::SeatingPlan(plan) => store(pool, &plan, Some(importer)).await,
        Parsed::Concerts(_) => {
            let what = "not a seat map, which has `zones`: these are concerts";
            Err(Mistakes::one("", what).into())
        }
    }
}

async fn import_with(
    pool: &PgPool,
    parse: impl FnOnce() -> Result<Parsed, ImportCause> + Send + 'static,
) -> Result<ImportReport, ImportCause> {
    // A stadium keeps a core busy for a moment; a service that imports must go on answering.
    let parsed = tokio::task::spawn_blocking(parse).await;
    match parsed.map_err(std::io::Error::other)?? {
        Parsed::SeatingPlan(plan) => store(pool, &plan, None).await.map(ImportReport::SeatMap),
        Parsed::Concerts(entries) => import_concerts(pool, entries).await,
    }
}

/// The bytes of a file, unless it is larger than any map.
fn read(path: &Path) -> Result<Vec<u8>, ImportCause> {
    // Opening a pipe would wait until somebody writes into it, and a device may never end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(Mistakes::one("", "is not a file: save what is to be imported as one").into());
    }
    let file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.take(IMPORT_FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > IMPORT_FILE_BYTES_MAX {
        let what = format!("is larger than {IMPORT_FILE_BYTES_MAX} bytes");
        return Err(Mistakes::one("", what).into());
    }
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Parsed, ImportCause> {
    let parsed = match json::kind(bytes)? {
        json::Kind::Concerts => Parsed::Concerts(concert_file::parse(bytes)?),
        kind @ (json::Kind::SeatingPlan | json::Kind::WrappedSeatingPlan) => {
            Parsed::SeatingPlan(seating_plan::parse(bytes, kind)?)
        }
    };
    Ok(parsed)
}

async fn store(
    pool: &PgPool,
    plan: &SeatingPlan,
    importer: Option<&Importer>,
) -> Result<ImportedMap, ImportCause> {
    let SeatingPlan { name, checksum, layout } = plan;
    let outcome = seat_maps::import(pool, name, *checksum, layout, importer).await?;
    ImportedMap::of(plan, outcome).ok_or_else(|| ImportCause::NameTaken(name.clone()))
}

async fn import_concerts(pool: &PgPool, entries: Vec<Entry>) -> Result<ImportReport, ImportCause> {
    let mut import = ConcertImport::begin(pool).await?;
    let column = |text: fn(&Entry) -> &String| -> Vec<String> {
        entries.iter().map(text).cloned().collect()
    };
    let existing = import.existing(&column(|entry| &entry.slug)).await?;
    let in_use: Vec<SeatMapId> = existing.iter().map(|concert| concert.seat_map).collect();
    let maps = import.seat_maps(&column(|entry| &entry.seat_map), &in_use, None).await?;
    let organisers: Vec<UserId> = entries.iter().filter_map(|entry| entry.organiser).collect();
    let organisers = import.users(&organisers).await?;
    let resolved = concert_file::resolve(entries, &maps, &existing, &organisers)?;
    let report = ImportReport::concerts(&resolved);
    if !resolved.concerts.is_empty() {
        import.write(&resolved.concerts, None).await?;
    }
    Ok(report)
}
