//! `unpick gods`: the list of what does too much.

use super::args::ListArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::{Options, gods};
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let look = Options { top: args.top, ..options::on_stdout() };
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { gods::write_json } else { gods::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &look, out))?;
    scan.verdict(&args.scan)
}
