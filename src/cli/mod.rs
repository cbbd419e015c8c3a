//! The command line: the one place that prints. Arguments in, a scan, a report, an exit code out.
//!
//! `args` is what was typed, `options` what it means; each command is a file. Results go to stdout, everything else to
//! stderr. Exit codes: 0 done, 2 wrong usage or nothing to work on, 3 a fault of unpick itself.

mod args;
mod guard;
mod map;
mod options;
mod output;
mod progress;
mod scan;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

/// Runs the command that was typed.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    guard::run(|| match args.command {
        Command::Map(args) => map::run(&args),
    })
}
