//! `unpick messages`: events, jobs and messages, with who sends them and who is called.

use super::args::UnresolvedArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::messages;
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &UnresolvedArgs) -> anyhow::Result<ExitCode> {
    let scan = Scan::of(&args.path, &args.scan)?;
    let write = if args.format == "json" { messages::write_json } else { messages::write_text };
    output::to_stdout(&mut |out| write(&scan.outcome(), &options::on_stdout(), out))?;
    scan.verdict(&args.scan)
}
