//! `unpick unresolved`: the list of what leads nowhere.

use super::args::UnresolvedArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::unresolved;
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &UnresolvedArgs) -> anyhow::Result<ExitCode> {
    let look = options::on_stdout();
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { unresolved::write_json } else { unresolved::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &look, out))?;
    scan.verdict(&args.scan)
}
