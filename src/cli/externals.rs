//! `unpick externals`: the systems outside that the application calls.

use super::args::UnresolvedArgs;
use super::scan::Scan;
use super::{options, output};
use crate::evidence::Owners;
use crate::reports::externals;
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &UnresolvedArgs) -> anyhow::Result<ExitCode> {
    let scan = Scan::of(&args.path, &args.scan)?;
    let owners = Owners::find(&args.path);
    let owned = |path: &str| owners.of(path).into_iter().map(str::to_owned).collect();
    output::to_stdout(&mut |out| match args.format.as_str() {
        "json" => externals::write_json(&scan.outcome(), out),
        _ => externals::write_text(&scan.outcome(), &options::on_stdout(), &owned, out),
    })?;
    scan.verdict(&args.scan)
}
