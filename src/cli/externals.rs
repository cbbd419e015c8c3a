//! `unpick externals`: the systems outside that the application calls.

use super::args::UnresolvedArgs;
use super::scan::Scan;
use super::{options, output};
use crate::evidence::Owners;
use crate::history::Repository;
use crate::reports::externals;
use std::process::ExitCode;

/// Scans and lists.
pub(super) fn run(args: &UnresolvedArgs) -> anyhow::Result<ExitCode> {
    let scan = Scan::of(&args.path, &args.scan)?;
    let owners = Owners::find(&args.path);
    let project = scan.outcome().project;
    let paths = project.resolution.externals.iter().map(|external| project.base.path(external.at.file).to_owned()).collect();
    // Without git, or where it cannot be read, nobody is named.
    let committers = Repository::find(&args.path).ok().flatten().map(|repository| repository.committers(&paths)).unwrap_or_default();
    let people = externals::People {
        owners: &|path| owners.of(path).into_iter().map(str::to_owned).collect(),
        committers: &|paths| committers.of(paths.iter().copied()).into_iter().map(|row| (row.name, row.commits)).collect(),
    };
    output::to_stdout(&mut |out| match args.format.as_str() {
        "json" => externals::write_json(&scan.outcome(), &people, out),
        _ => externals::write_text(&scan.outcome(), &options::on_stdout(), &people, out),
    })?;
    scan.verdict(&args.scan)
}
