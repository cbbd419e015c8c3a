//! The command line: the one place that prints. Arguments in, a scan, a report, an exit code out.
//!
//! `args` is what was typed, `options` what it means; each command is a file. Results go to stdout, everything else to
//! stderr. Exit codes: 0 done, 1 new findings (check only), 2 wrong usage or nothing to work on, 3 a fault of unpick itself.

mod actions;
mod args;
mod baseline;
mod beside;
mod check;
mod completions;
mod contracts;
mod cycles;
mod diff;
mod doctor;
mod examples;
mod externals;
mod gods;
mod guard;
mod map;
mod messages;
mod narrow;
mod older;
mod options;
mod output;
mod plan;
mod progress;
mod routes;
mod scan;
mod schema;
mod tables;
mod unresolved;
mod watch;
mod why;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

/// Runs the command that was typed.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    guard::run(|| match args.command {
        Command::Map(args) => map::run(&args),
        Command::Cycles(args) => cycles::run(&args),
        Command::Gods(args) => gods::run(&args),
        Command::Tables(args) => tables::run(&args),
        Command::Routes(args) => routes::run(&args),
        Command::Externals(args) => externals::run(&args),
        Command::Messages(args) => messages::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Contracts(args) => contracts::run(&args),
        Command::Unresolved(args) => unresolved::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
    })
}
