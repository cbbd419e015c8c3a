//! `unpick externals`: systems outside, every place that calls them, and where somebody waits too long.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, externals as rows};
use super::page::{Page, bad, bold, count, faint, list, number, plain};
use super::{Options, Outcome};
use crate::analyses::externals::{System, hurts, name};
use crate::bind::External;
use crate::project::Project;
use std::io::{self, Write};

/// How many places the map shows.
const SHOWN: usize = 3;

/// Writes it as text: what hurts, then every system with its places.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut page = Page::new(out, options.colour, options.width);
    let systems = &outcome.findings.externals;
    if systems.is_empty() {
        return page.line(&[bold("No systems outside"), plain(": no client library read here is called.")]);
    }
    let sites = project.resolution.externals.len();
    page.line(&[bold(count(systems.len(), "system")), plain(format!(" outside, called from {}.", count(sites, "place")))])?;
    painful(&mut page, project)?;
    for system in systems {
        page.gap()?;
        head(&mut page, system)?;
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

fn head(page: &mut Page, system: &System) -> io::Result<()> {
    let hosts: Vec<&str> = system.hosts.iter().map(String::as_str).filter(|host| *host != system.name).collect();
    let hosts = if hosts.is_empty() { String::new() } else { format!("  {}", list(&hosts, 60)) };
    let places = format!("  {}, {} from {}", system.protocol, count(system.sites.len(), "call"), count(system.modules.len(), "module"));
    page.line(&[bold(system.name.as_str()), plain(places), faint(hosts)])
}

fn one(page: &mut Page, project: &Project, external: &External, named: bool) -> io::Result<()> {
    let at = &external.at;
    let function = at.owner.map(|owner| format!("  {}", project.base.facts(at.file).qualified_name(owner))).unwrap_or_default();
    let around = [(external.in_transaction, "in a transaction"), (external.in_loop, "in a loop")];
    let around: Vec<&str> = around.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect();
    let around = if around.is_empty() { String::new() } else { format!("  {}", around.join(", ")) };
    let what = if named { name(external) } else { at.client.to_owned() };
    let place = format!("  {}:{}  {what}", project.base.path(at.file), at.line);
    let around = if hurts(external) { bad(around) } else { plain(around) };
    page.line(&[plain(place), around, faint(if named { String::new() } else { function })])
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("external_systems", &rows::rows(outcome))?;
    document.finish()
}
