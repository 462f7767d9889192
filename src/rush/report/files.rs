//! The files of a rush: its histograms, and a drawing of it.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};

use super::{histograms, plot};
use crate::rush::crowd::{Crowd, Seen};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The system did not let it be.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It could not be drawn.
    #[error("{0}")]
    Drawing(String),
    /// A histogram could not be written.
    #[error("{0}")]
    Histogram(String),
}

/// Writes `rush.hlog`, the latencies of each outcome in µs as HdrHistogram's tools read them, and
/// `rush.svg`, what happened when, into a directory.
///
/// # Errors
/// When they cannot be written.
pub fn write(directory: &Path, crowd: &Crowd, seen: &Seen) -> Result<(), FilesError> {
    std::fs::create_dir_all(directory)?;
    write_histograms(&directory.join("rush.hlog"), seen)?;
    let drawing = plot::draw(crowd, seen).map_err(FilesError::Drawing)?;
    Ok(std::fs::write(directory.join("rush.svg"), drawing)?)
}

fn write_histograms(path: &Path, seen: &Seen) -> Result<(), FilesError> {
    let wrong = |error: &dyn std::fmt::Debug| FilesError::Histogram(format!("{error:?}"));
    let mut file = BufWriter::new(File::create(path)?);
    let mut serializer = V2DeflateSerializer::new();
    {
        let mut log = IntervalLogWriterBuilder::new()
            .add_comment("latencies of a rush, in microseconds")
            .begin_log_with(&mut file, &mut serializer)
            .map_err(|error| wrong(&error))?;
        for (name, latencies) in histograms(&seen.samples) {
            log.write_histogram(&latencies, Duration::ZERO, seen.took, Tag::new(name))
                .map_err(|error| wrong(&error))?;
        }
    }
    Ok(file.flush()?)
}
