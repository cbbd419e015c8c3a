//! `unpick externals`: the systems outside that the application calls.

use super::args::UnresolvedArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::externals;
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &UnresolvedArgs) -> anyhow::Result<ExitCode> {
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { externals::write_json } else { externals::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &options::on_stdout(), out))?;
    scan.verdict(&args.scan)
}
