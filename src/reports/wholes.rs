//! What of `unpick tables` is about tables that are several, and several that are one.

use super::Outcome;
use super::page::{Page, bold, count, faint, list, plain};
use super::tables::{by_module, module, more, row};
use crate::analyses::tables::{Family, Split};
use std::io;

/// How many parts of a table are shown.
const PARTS: usize = 4;

/// Tables that could be split, by columns or by kinds of rows.
pub(super) fn splits(page: &mut Page, outcome: &Outcome, top: usize) -> io::Result<()> {
    let found = &outcome.findings.splits;
    if found.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&[
        bold(count(found.len(), "table")),
        plain(" that could be split: modules name columns, or kinds of rows, that they do not share."),
    ])?;
    found.iter().take(top).try_for_each(|split| one_split(page, outcome, split))?;
    more(page, found.len().saturating_sub(top))
}

fn one_split(page: &mut Page, outcome: &Outcome, split: &Split) -> io::Result<()> {
    let by = split.by.as_ref().map_or_else(|| "columns".to_owned(), |column| format!("rows, by {column}"));
    let across: Vec<&str> = split.across.iter().map(|id| module(outcome.project, *id)).collect();
    let width = page.width.saturating_sub(30) / 2;
    let across = if across.is_empty() { String::new() } else { format!("; {} would have to ask all parts", list(&across, width)) };
    page.line(&[plain("    "), bold(row(outcome.project, split.table).name.as_str()), plain(format!("  {by}")), faint(across)])?;
    for part in split.parts.iter().take(PARTS) {
        let names: Vec<&str> = part.names.iter().map(String::as_str).collect();
        let modules = by_module(outcome.project, &part.modules, width);
        page.line(&[faint(format!("      {}: {modules}", list(&names, width)))])?;
    }
    match split.parts.len().saturating_sub(PARTS) {
        0 => Ok(()),
        left => page.line(&[faint(format!("      and {}", count(left, "more part")))]),
    }
}

/// Tables that are one to whoever thinks about them.
pub(super) fn families(page: &mut Page, outcome: &Outcome, top: usize) -> io::Result<()> {
    let found = &outcome.findings.families;
    if found.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&[
        bold(count(found.len(), "thing")),
        plain(" whose attributes stand one to a row in other tables: each is one table to whoever thinks about it."),
    ])?;
    found.iter().take(top).try_for_each(|family| one_family(page, outcome, family))?;
    more(page, found.len().saturating_sub(top))
}

fn one_family(page: &mut Page, outcome: &Outcome, family: &Family) -> io::Result<()> {
    let name = |table| row(outcome.project, table).name.as_str();
    let members: Vec<&str> = family.members.iter().map(|member| name(member.table)).collect();
    let attributes = family.attributes.map(|table| format!("  attributes in {}", name(table))).unwrap_or_default();
    let width = page.width.saturating_sub(name(family.base).len() + attributes.len() + 8).max(20);
    page.line(&[plain("    "), bold(name(family.base)), plain(format!(", {}", list(&members, width))), faint(attributes)])
}
