//! `unpick check`: fails on what is new since the baseline.

use super::args::CheckArgs;
use super::baseline::{BASELINE, read, scope};
use super::narrow::Shown;
use super::scan::Scan;
use super::watch::Watch;
use super::{actions, older, output};
use crate::analyses::gated;
use crate::evidence::Owners;
use crate::gate::older::Carried;
use crate::gate::{Baseline, New, compare};
use crate::reports::check::{CheckOutcome, Explained, FORMATS};
use anyhow::Context;
use std::process::ExitCode;

/// Scans, compares, reports. 1 for new findings, whatever their number.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    if let Some(file) = &args.plan {
        return super::plan::check(args, file);
    }
    let format = FORMATS.iter().find(|format| format.name == args.format).context("the format was checked when it was typed")?;
    let file = args.baseline.clone().unwrap_or_else(|| args.path.join(BASELINE));
    // The baseline is read first: a broken one is told at once, not after the scan.
    let mut remarks = Vec::new();
    // A comparison with a commit looks at no baseline, so one in the middle of a merge is not in its way.
    let accepted = if args.against.is_some() { Some(Baseline::default()) } else { read(&file)? };
    let mut baseline = match accepted {
        Some(baseline) => baseline,
        None if args.allow_missing => {
            remarks.push(format!("there is no baseline at {}: every finding counts as new", file.display()));
            Baseline::default()
        }
        None => anyhow::bail!("{}: no baseline there; `unpick baseline` writes one, --allow-missing does without", file.display()),
    };
    let scan = Scan::of(&args.path, &args.scan)?;
    let scope = scope(&args.level, &args.graph, &scan.config.rules)?;
    baseline = baseline.within(&scope);
    let watch = Watch::of(&scan.project, &scope);
    remarks.extend(watch.remarks.clone());
    let mut against = file.display().to_string();
    let mut carried = Carried::default();
    if let Some(reference) = &args.against {
        let older = older::at(&args.path, reference, &scan, &scope)?;
        against = format!("{reference}, commit {}", older.commit.short());
        (baseline, carried) = (older.baseline, older.carried);
    }
    let verdict_with = |baseline: &Baseline, carried: &Carried| {
        compare(&watch.findings, &watch.facts, baseline, &carried.renames, &carried.facts, &watch.strict).ignoring(&watch.ignored)
    };
    let mut verdict = verdict_with(&baseline, &carried);
    // Only what looks new needs the older tree: it may merely be called otherwise.
    if !verdict.new.is_empty() && args.against.is_none() && file.exists() {
        match older::behind_baseline(&args.path, &file, &scan, &scope)? {
            Ok(older) => {
                against = format!("{against}, last changed in {}", older.commit.short());
                verdict = verdict_with(&baseline, &older.carried);
            }
            Err(remark) => remarks.push(remark),
        }
    }
    let prunable = verdict.prunable();
    let all = verdict.new.len();
    if let Some(shown) = Shown::of(args, &scan)? {
        verdict.new.retain(|new| shown.has(&scan, &scope, &new.finding));
        remarks.extend(shown.remark(all - verdict.new.len(), args.fail_on_shown));
    }
    let hidden = all - verdict.new.len();
    let counted = if args.fail_on_shown { verdict.new.len() } else { all };
    let owners = Owners::find(&args.path);
    let explained = |new: New| {
        let explanation = gated::explain(&scan.project, &scope, &new.finding);
        let owners = explanation.place.as_ref().map_or_else(Vec::new, |(path, _)| owners.of(path));
        Explained { owners: owners.into_iter().map(str::to_owned).collect(), new, explanation }
    };
    let outcome = CheckOutcome { hidden, ..CheckOutcome::of(verdict, against, remarks, output::colour_on_stdout(), explained) };
    output::to_stdout(&mut |out| (format.write)(&outcome, out))?;
    // Whoever asked for another format reads stdout with a program.
    if format.name == "text" {
        actions::tell(&outcome, args.scan.quiet, |name| std::env::var_os(name))?;
    }
    let failed = counted > 0 || (args.strict_baseline && prunable > 0);
    if failed { Ok(ExitCode::from(1)) } else { scan.verdict(&args.scan) }
}
