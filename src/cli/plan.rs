//! `unpick plan`: what could leave the monolith, in which order, at what cost.

use super::args::{CheckArgs, PlanArgs, WhyArgs};
use super::beside::beside;
use super::scan::Scan;
use super::{options, output};
use crate::plan::facts::Facts;
use crate::plan::gather::{self, Beside};
use crate::plan::settings::Settings;
use crate::plan::what_if::{Change, what_if};
use crate::plan::{Plan, plan};
use crate::reports::Options;
use crate::reports::plan::{Figure, Planned, Written, progress, write_changes, write_progress, write_progress_json};
use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Scans, plans and writes.
#[allow(clippy::print_stderr, reason = "the command line prints")]
pub(super) fn run(args: &PlanArgs) -> anyhow::Result<ExitCode> {
    let settings = Settings { services: args.services, ..Settings::default() };
    let (format, file) = options::plan_target(&args.format)?;
    let scan = Scan::with_payloads(&args.path, &args.scan, format.payloads)?;
    let beside = beside(&args.path, &scan, !args.history.no_history);
    let (facts, plan) = plan(gather::gather(&scan.project, &scan.findings, &scan.config, &beside), &settings);
    if !args.scan.quiet {
        remarks(args, &scan, &facts, &plan).iter().for_each(|remark| eprintln!("unpick: {remark}"));
    }
    let planned = Planned { project: &scan.project, findings: &scan.findings, facts: &facts, plan: &plan };
    if let Some(wish) = &args.what_if {
        let changes = changes(&facts, &plan, &settings, wish)?;
        write(file, &mut |look, out| write_changes(&changes, format, look, out))?;
    } else {
        write(file, &mut |look, out| (format.write)(&planned, look, out))?;
    }
    scan.verdict(&args.scan)
}

/// Wishes that could not be heard.
fn remarks(args: &PlanArgs, scan: &Scan, facts: &Facts, plan: &Plan) -> Vec<String> {
    let file = scan.config.file.as_deref().map_or("unpick.toml".into(), |file| file.display().to_string());
    let unknown = gather::unknown(facts, &scan.config);
    let mut remarks: Vec<String> = unknown
        .into_iter()
        .map(|(place, name)| format!("{file}: {place}: there is no module, file or table called {name:?}{}", meant(facts, &name)))
        .collect();
    let count = plan.candidates.len();
    if let Some((least, most)) = args.services.filter(|(least, most)| !plan.rungs.is_empty() && !(*least..=*most).contains(&count)) {
        let wish = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let found: BTreeSet<usize> = plan.rungs.iter().map(|rung| rung.candidates).collect();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        remarks.push(format!(
            "--services: no division of this application has {wish} candidates, so this one has {count}; there are some of {}, and `[[service]]` \
             in unpick.toml puts together what you want together",
            found.join(", ")
        ));
    }
    remarks
}

/// What may have been meant by a name that means nothing.
fn meant(facts: &Facts, name: &str) -> String {
    facts.nearest(name).map_or(String::new(), |near| format!("; did you mean {near:?}?"))
}

/// `unpick why plan:CANDIDATE/FIGURE`: every line a figure rests on.
pub(super) fn figure(args: &WhyArgs, question: &str) -> anyhow::Result<ExitCode> {
    let scan = Scan::of(&args.path, &args.scan)?;
    let beside = beside(&args.path, &scan, !args.history.no_history);
    let (facts, plan) = plan(gather::gather(&scan.project, &scan.findings, &scan.config, &beside), &Settings::default());
    let planned = Planned { project: &scan.project, findings: &scan.findings, facts: &facts, plan: &plan };
    let figure = Figure::ask(&planned, question).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    output::to_stdout(&mut |out| figure.write(&planned, &options::on_stdout(), out))?;
    scan.verdict(&args.scan)
}

/// `unpick check --plan FILE`: 1 when something crosses the plan that it does not know.
#[allow(clippy::disallowed_methods, reason = "the command line reads a file it was given")]
pub(super) fn check(args: &CheckArgs, file: &Path) -> anyhow::Result<ExitCode> {
    let shown = file.display();
    let document = std::fs::read_to_string(file).with_context(|| format!("{shown}: the plan cannot be read"))?;
    if !matches!(args.format.as_str(), "text" | "json") {
        bail!("--plan: progress is written as text or json, not as {}", args.format);
    }
    let written = Written::read(&document).map_err(|refusal| anyhow::anyhow!("{shown}: {refusal}"))?;
    let scan = Scan::of(&args.path, &args.scan)?;
    let facts = gather::gather_as(&scan.project, &scan.findings, &scan.config, &Beside::default(), &written.atoms());
    let (facts, plan) = plan(facts, &Settings::default());
    let planned = Planned { project: &scan.project, findings: &scan.findings, facts: &facts, plan: &plan };
    let rows = progress(&planned, &written);
    output::to_stdout(&mut |out| {
        if args.format == "json" { write_progress_json(&rows, out) } else { write_progress(&rows, &options::on_stdout(), out) }
    })?;
    if rows.iter().any(|row| !row.new.is_empty()) { Ok(ExitCode::from(1)) } else { scan.verdict(&args.scan) }
}

/// Writes to a file, without colours, or to stdout.
fn write(file: Option<PathBuf>, fill: &mut dyn FnMut(&Options, &mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let look = options::on_stdout();
    match file {
        Some(file) => output::to_file(&file, &mut |out| fill(&Options { colour: false, ..look.clone() }, out)),
        None => output::to_stdout(&mut |out| fill(&look, out)),
    }
}

/// What `move X to Y` changes.
fn changes(facts: &Facts, plan: &Plan, settings: &Settings, wish: &str) -> anyhow::Result<Vec<Change>> {
    let words = wish.trim().strip_prefix("move ").and_then(|rest| rest.split_once(" to "));
    let (what, target) = words.with_context(|| format!("--what-if {wish:?}: write --what-if \"move X to Y\""))?;
    let nodes = facts.meant(what.trim());
    if nodes.is_empty() {
        let near = meant(facts, what.trim());
        bail!("--what-if: there is no module, file or table called {what:?}{near}; `unpick plan --format json` lists them");
    }
    let target = target.trim();
    let found = plan.candidates.iter().zip(0u32..).find(|(candidate, _)| candidate.name == target);
    let Some((_, to)) = found else {
        let known: Vec<&str> = plan.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
        bail!("--what-if: there is no candidate called {target:?}; they are {}", known.join(", "));
    };
    Ok(what_if(facts, plan, settings, &nodes, to))
}
