//! The `frontrow` binary: says what went wrong in one sentence, and nothing else.

use std::process::ExitCode;

use clap::Parser;
use frontrow::cli::Cli;
use mimalloc::MiMalloc;

/// A request allocates some hundred times, on one thread, and frees on another.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("frontrow: {}", sentence(&failure.error));
            ExitCode::from(failure.code)
        }
    }
}

/// An error's causes say where it comes from; together they are the sentence. Many an error says
/// its cause itself, and nobody wants to read it twice.
fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !sentence.contains(&cause) {
            sentence = format!("{sentence}: {cause}");
        }
    }
    sentence
}
