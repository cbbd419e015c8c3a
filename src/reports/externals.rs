//! `unpick externals`: systems outside, every place that calls them, and where somebody waits too long.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, externals as rows};
use super::page::{Page, bad, bold, count, faint, list, number, plain};
use super::{Options, Outcome};
use crate::analyses::externals::{System, hurts, name};
use crate::bind::External;
use crate::project::Project;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many places the map shows.
const SHOWN: usize = 3;

/// How many of those who commit are named.
const PEOPLE: usize = 3;

/// Gives names with how many commits are theirs.
pub type CommittersOf<'a> = &'a dyn Fn(&[&str]) -> Vec<(String, u32)>;

/// Whom to ask.
pub struct People<'a> {
    /// Who answers for a path.
    pub owners: &'a dyn Fn(&str) -> Vec<String>,
    /// Who commits to files, most commits first.
    pub committers: CommittersOf<'a>,
}

/// Writes it as text: what hurts, then every system with its places and who answers for them.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, people: &People<'_>, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut page = Page::new(out, options.colour, options.width);
    let systems = &outcome.findings.externals;
    if systems.is_empty() {
        return page.line(&[bold("No systems outside"), plain(": no client library read here is called.")]);
    }
    let sites = project.resolution.externals.len();
    page.line(&[bold(count(systems.len(), "system")), plain(format!(" outside, called from {}.", count(sites, "place")))])?;
    painful(&mut page, project)?;
    early(&mut page, project)?;
    for system in systems {
        page.gap()?;
        head(&mut page, system)?;
        stakeholders(&mut page, project, system, people)?;
        for site in &system.sites {
            one(&mut page, project, &project.resolution.externals[*site], false)?;
        }
    }
    Ok(())
}

/// What the map shows: places where somebody waits too long, or else who is called.
pub(super) fn on_the_map(page: &mut Page, outcome: &Outcome) -> io::Result<()> {
    let systems = &outcome.findings.externals;
    if systems.is_empty() {
        return Ok(());
    }
    page.gap()?;
    let names: Vec<&str> = systems.iter().map(|system| system.name.as_str()).collect();
    let head = count(systems.len(), "system");
    let room = page.width.saturating_sub(head.len() + 10);
    page.line(&[bold(head), plain(format!(" outside: {}", list(&names, room)))])?;
    painful(page, outcome.project)?;
    let mut calls: Vec<&External> = outcome.project.resolution.externals.iter().filter(|external| hurts(external)).collect();
    calls.sort_by_key(|external| !external.in_transaction);
    calls.into_iter().take(SHOWN).try_for_each(|external| one(page, outcome.project, external, true))
}

/// How many calls wait where they should not, and what to do about it.
fn painful(page: &mut Page, project: &Project) -> io::Result<()> {
    let calls: Vec<&External> = project.resolution.externals.iter().filter(|external| hurts(external)).collect();
    if calls.is_empty() {
        return Ok(());
    }
    let spanned = calls.iter().filter(|external| external.in_transaction).count();
    let what = match (spanned, calls.len() - spanned) {
        (0, _) => "in a loop: ask once for all, or hand them to a queue.".to_owned(),
        (_, 0) => "inside a transaction, which stays open: move them behind the commit.".to_owned(),
        _ => format!("inside a transaction ({}) or in a loop: move them behind the commit, or to a queue.", number(spanned as u64)),
    };
    let verb = if calls.len() == 1 { "waits" } else { "wait" };
    page.line(&[bad(format!("{} {verb}", count(calls.len(), "call"))), plain(format!(" {what}"))])
}

/// Work that is handed to a queue before it is sure to be wanted.
fn early(page: &mut Page, project: &Project) -> io::Result<()> {
    let calls = project.resolution.externals.iter().filter(|external| external.in_transaction && external.at.protocol == "queue");
    match calls.count() {
        0 => Ok(()),
        calls => page.line(&[
            bad(format!("{} work to a queue", count(calls, "call") + if calls == 1 { " hands" } else { " hand" })),
            plain(" inside a transaction: it may start before the commit, or after a rollback."),
        ]),
    }
}

fn head(page: &mut Page, system: &System) -> io::Result<()> {
    let hosts: Vec<&str> = system.hosts.iter().map(String::as_str).filter(|host| *host != system.name).collect();
    let hosts = if hosts.is_empty() { String::new() } else { format!("  {}", list(&hosts, 60)) };
    let places = format!("  {}, {} from {}", system.protocol, count(system.sites.len(), "call"), count(system.modules.len(), "module"));
    page.line(&[bold(system.name.as_str()), plain(places), faint(hosts)])
}

/// Who has to be asked before a system is called from elsewhere: the owners of the files that call it, and who commits there.
fn stakeholders(page: &mut Page, project: &Project, system: &System, people: &People<'_>) -> io::Result<()> {
    let Asked { owners, committers, .. } = asked(project, system, people);
    let room = page.width.saturating_sub(14);
    if !owners.is_empty() {
        let names: Vec<&str> = owners.iter().map(String::as_str).collect();
        page.line(&[faint(format!("  called by the code of {}", list(&names, room)))])?;
    }
    if committers.is_empty() {
        return Ok(());
    }
    let names: Vec<String> =
        committers.iter().take(PEOPLE).map(|row| format!("{} ({})", row.name, count(row.commits as usize, "commit"))).collect();
    page.line(&[faint(format!("  changed there by {}", names.join(", ")))])
}

/// Whom to ask about a system.
#[derive(Serialize)]
struct Asked<'a> {
    system: &'a str,
    protocol: &'static str,
    owners: BTreeSet<String>,
    committers: Vec<CommitterRow>,
}

#[derive(Serialize)]
struct CommitterRow {
    name: String,
    commits: u32,
}

fn asked<'a>(project: &Project, system: &'a System, people: &People<'_>) -> Asked<'a> {
    let paths: BTreeSet<&str> = system.sites.iter().map(|site| project.base.path(project.resolution.externals[*site].at.file)).collect();
    let committers = (people.committers)(&paths.iter().copied().collect::<Vec<_>>());
    Asked {
        system: &system.name,
        protocol: system.protocol,
        owners: paths.iter().flat_map(|path| (people.owners)(path)).collect(),
        committers: committers.into_iter().map(|(name, commits)| CommitterRow { name, commits }).collect(),
    }
}

fn one(page: &mut Page, project: &Project, external: &External, named: bool) -> io::Result<()> {
    let at = &external.at;
    let function = at.owner.map(|owner| format!("  {}", project.base.facts(at.file).qualified_name(owner))).unwrap_or_default();
    let around = around(external);
    let around = if around.is_empty() { String::new() } else { format!("  {around}") };
    let what = if named { name(external) } else { at.client.to_owned() };
    let place = format!("  {}:{}  {what}", project.base.path(at.file), at.line);
    let around = if hurts(external) { bad(around) } else { plain(around) };
    page.line(&[plain(place), around, faint(if named { String::new() } else { function })])
}

/// `in a transaction, called from a loop in line 12`
fn around(external: &External) -> String {
    let mut words = Vec::new();
    for (holds, line, what) in
        [(external.in_transaction, external.transaction_line, "transaction"), (external.in_loop, external.loop_line, "loop")]
    {
        match line {
            Some(line) => words.push(format!("called from a {what} in line {line}")),
            None if holds => words.push(format!("in a {what}")),
            None => {}
        }
    }
    words.join(", ")
}

/// Writes it as JSON, in rows like those of the map, and whom to ask: what git and CODEOWNERS say is no part of the map, which
/// depends on the scanned files alone.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, people: &People<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("external_systems", &rows::rows(outcome))?;
    let stakeholders: Vec<Asked<'_>> = outcome.findings.externals.iter().map(|system| asked(outcome.project, system, people)).collect();
    document.key("stakeholders", &stakeholders)?;
    document.finish()
}
