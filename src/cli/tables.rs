//! `unpick tables`: the list of tables, who reads and writes them.

use super::args::ListArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::{Options, tables};
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let look = Options { top: args.top, ..options::on_stdout() };
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { tables::write_json } else { tables::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &look, out))?;
    scan.verdict(&args.scan)
}
