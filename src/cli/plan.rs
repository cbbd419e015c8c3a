//! `unpick plan`: what could leave the monolith, in which order, at what cost.

use super::args::PlanArgs;
use super::scan::Scan;
use super::{options, output};
use crate::plan::settings::Settings;
use crate::plan::{gather, plan};
use crate::reports::plan::{FORMATS, Planned};
use anyhow::Context;
use std::process::ExitCode;

/// Scans, plans and writes.
pub(super) fn run(args: &PlanArgs) -> anyhow::Result<ExitCode> {
    let settings = Settings { services: args.services, ..Settings::default() };
    let format = FORMATS.iter().find(|format| format.name == args.format).context("clap let an unknown format through")?;
    let scan = Scan::of(&args.path, &args.scan)?;
    let (facts, plan) = plan(gather::gather(&scan.project, &scan.findings, &scan.config), &settings);
    let planned = Planned { project: &scan.project, facts: &facts, plan: &plan };
    output::to_stdout(&mut |out| (format.write)(&planned, &options::on_stdout(), out))?;
    scan.verdict(&args.scan)
}
