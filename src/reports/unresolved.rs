//! `unpick unresolved`: what the source names and nobody could find, grouped by why.

use super::json::{Document, Each, GENERATOR, SCHEMA_VERSION, UnresolvedRow};
use super::page::{Page, bad, bold, count, faint, number, plain};
use super::{Options, Outcome};
use crate::bind::Unresolved;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes it as text: how many of each reason, then every place.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let all = &outcome.project.resolution.unresolved;
    let mut page = Page::new(out, options.colour, options.width);
    if all.is_empty() {
        return page.line(&[bold("Nothing is open"), plain(": every name this version looks up was found.")]);
    }
    let groups = groups(all);
    page.line(&[bad(count(all.len(), "name")), plain(" in the code could not be found; dependencies may be missing there.")])?;
    for ((kind, reason), rows) in &groups {
        page.line(&[plain(format!("{:>7}  ", number(rows.len()))), bold(*kind), plain(format!("  {reason}"))])?;
    }
    for ((kind, reason), rows) in &groups {
        page.gap()?;
        page.line(&[bold(format!("{kind}: {reason}")), plain(format!(" ({})", number(rows.len())))])?;
        for open in rows {
            let place = format!("{}:{}", outcome.project.base.path(open.file), open.line);
            let own = if open.reason == *reason { String::new() } else { format!("  {}", open.reason) };
            page.line(&[plain(format!("  {place}  {}", open.text)), faint(own)])?;
        }
    }
    Ok(())
}

/// The reason of a group whose rows all have their own.
const VARIOUS: &str = "each for a reason of its own";

/// By kind and reason, the most frequent first; reasons that are given once only share a group.
fn groups(all: &[Unresolved]) -> Vec<((&str, &str), Vec<&Unresolved>)> {
    let mut exact: BTreeMap<(&str, &str), Vec<&Unresolved>> = BTreeMap::new();
    for open in all {
        exact.entry((open.kind, &open.reason)).or_default().push(open);
    }
    let mut groups: BTreeMap<(&str, &str), Vec<&Unresolved>> = BTreeMap::new();
    for ((kind, reason), rows) in exact {
        let reason = if rows.len() == 1 { VARIOUS } else { reason };
        groups.entry((kind, reason)).or_default().extend(rows);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    for (_, rows) in &mut groups {
        rows.sort();
    }
    groups.sort_by_key(|(_, rows)| Reverse(rows.len()));
    groups
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("unresolved", &Each(|| project.resolution.unresolved.iter().map(|open| UnresolvedRow::of(project, open))))?;
    document.finish()
}
