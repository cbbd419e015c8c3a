//! `unpick baseline`: writes down what a team lives with.

use super::args::BaselineArgs;
use super::output;
use super::scan::Scan;
use super::watch::Watch;
use crate::analyses::gated::{Finding, Scope};
use crate::config::Rules;
use crate::gate::{Accepted, Baseline, Renames, compare};
use crate::graph::views::{Level, Reading};
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

/// The file's name, beside the scanned code.
pub(super) const BASELINE: &str = "unpick.baseline.json";

/// What was typed as levels and graphs; the defaults where nothing was.
pub(super) fn scope(levels: &[String], graphs: &[String], rules: &Rules) -> anyhow::Result<Scope> {
    let mut scope = Scope::default();
    if !levels.is_empty() {
        scope.levels = Level::ALL.into_iter().filter(|level| levels.iter().any(|word| word == level.word())).collect();
    }
    if !graphs.is_empty() {
        scope.readings = Reading::ALL.into_iter().filter(|reading| graphs.iter().any(|word| word == reading.word())).collect();
    }
    scope.rules = rules.clone();
    anyhow::ensure!(!scope.levels.is_empty() && !scope.readings.is_empty(), "no level or graph to look at");
    Ok(scope)
}

/// Reads a baseline; none where there is no such file.
#[allow(clippy::disallowed_methods, reason = "the command line reads its own file")]
pub(super) fn read(file: &Path) -> anyhow::Result<Option<Baseline>> {
    let shown = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(Baseline::read(&text, &shown)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{shown}: the baseline cannot be read")),
    }
}

/// Writes, prunes or extends the baseline.
#[allow(clippy::print_stderr, reason = "the command line prints")]
pub(super) fn run(args: &BaselineArgs) -> anyhow::Result<ExitCode> {
    let file = args.baseline.clone().unwrap_or_else(|| args.path.join(BASELINE));
    let before = read(&file)?;
    let scan = Scan::of(&args.path, &args.scan)?;
    let scope = scope(&args.level, &args.graph, &scan.config.rules)?;
    let watch = Watch::of(&scan.project, &scope);
    let refused = |finding: &Finding| watch.strict.contains(finding);
    let findings = &watch.findings;
    let facts: BTreeSet<_> = watch.facts.iter().cloned().collect();
    let entries = || {
        let allowed = findings.iter().filter(|watched| !refused(&watched.finding));
        allowed.map(|watched| Accepted { finding: watched.finding.clone(), reason: None })
    };
    let after = match (&before, &args.accept) {
        (before, Some(id)) => {
            let reason = args.reason.clone().context("--accept needs --reason TEXT: say why the team lives with it")?;
            let mut after = before.clone().unwrap_or_default();
            let finding = findings.iter().map(|watched| &watched.finding).find(|finding| finding.id() == *id);
            let finding =
                finding.with_context(|| format!("no finding has the id {id} today; `unpick check` prints the ids of new ones"))?;
            anyhow::ensure!(
                !refused(finding),
                "{id} lies where [rules] strict in unpick.toml lets nothing be accepted; take the dependency out, or the area out of strict"
            );
            after.findings.retain(|entry| entry.finding != *finding);
            after.findings.insert(Accepted { finding: finding.clone(), reason: Some(reason) });
            after.facts.insert(finding.clone());
            after
        }
        (Some(before), None) if args.prune => {
            let (no_renames, none) = (Renames::new(), BTreeSet::new());
            let verdict = compare(findings, &watch.facts, &before.within(&scope), &no_renames, &none, &none);
            let verdict = verdict.ignoring(&watch.ignored);
            let mut after = before.clone();
            let gone: BTreeSet<_> = verdict.fixed.iter().chain(&verdict.stale).collect();
            after.findings.retain(|entry| !gone.contains(&entry.finding));
            after.facts.retain(|fact| !gone.contains(fact));
            after
        }
        (None, None) if args.prune => anyhow::bail!("{}: no baseline there to prune; `unpick baseline` writes one", file.display()),
        // Reasons somebody gave stay with what they were given for.
        (before, None) => {
            let old = before.clone().unwrap_or_default();
            let reason_of = |entry: Accepted| old.findings.iter().find(|old| old.finding == entry.finding).cloned().unwrap_or(entry);
            Baseline { findings: entries().map(reason_of).collect(), facts }
        }
    };
    let text = after.write();
    output::to_file(&file, &mut |out| out.write_all(text.as_bytes()))?;
    if !args.scan.quiet {
        let delta = after.findings.len().cast_signed() - before.map_or(0, |before| before.findings.len()).cast_signed();
        eprintln!("unpick: wrote {}: {} accepted findings ({delta:+})", file.display(), after.findings.len());
        for remark in &watch.remarks {
            eprintln!("unpick: {remark}");
        }
        let strict = watch.strict.len();
        if strict > 0 && args.accept.is_none() && !args.prune {
            eprintln!(
                "unpick: left out {strict} finding{} where [rules] strict lets nothing be accepted",
                if strict == 1 { "" } else { "s" }
            );
        }
    }
    scan.verdict(&args.scan)
}
