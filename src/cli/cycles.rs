//! `unpick cycles`: the list of cycles.

use super::args::CyclesArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::{Level, Options, cycles, reading_called};
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &CyclesArgs) -> anyhow::Result<ExitCode> {
    let usual = options::on_stdout();
    let look = Options {
        level: Level::called(&args.level).unwrap_or(usual.level),
        reading: reading_called(&args.graph).unwrap_or(usual.reading),
        ..usual
    };
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { cycles::write_json } else { cycles::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &look, out))?;
    scan.verdict(&args.scan)
}
