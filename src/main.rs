//! The `frontrow` binary: says what went wrong in one sentence, and nothing else.

use std::process::ExitCode;

use clap::Parser;
use frontrow::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // An error's causes say where it comes from; together they are the sentence.
            eprintln!("frontrow: {error:#}");
            ExitCode::FAILURE
        }
    }
}
