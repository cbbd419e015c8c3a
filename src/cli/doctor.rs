//! `unpick doctor`: what was read and what was not.

use super::args::DoctorArgs;
use super::scan::Scan;
use super::{options, output};
use crate::reports::doctor;
use std::process::ExitCode;

/// Scans and says what it rests on.
pub(super) fn run(args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let look = options::placed(&args.path);
    let scan = Scan::of(&args.path, &args.scan)?;
    output::to_stdout(&mut |out| doctor::write_text(&scan.outcome(), &scan.config, &look, out))?;
    scan.verdict(&args.scan)
}
