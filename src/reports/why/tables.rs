//! Every line behind the use of a table.

use crate::analyses::tables::{Owner, SURE};
use crate::bind::{Access, TableId};
use crate::project::Project;
use crate::reports::page::{Page, bold, count, faint, plain};
use crate::reports::subject::Subject;
use crate::reports::{Outcome, Refusal};
use std::io;

/// How a table is asked for where something else has the same name.
const PREFIX: &str = "table:";

/// The table a name means, if it is one; case does not matter.
pub(super) fn called(project: &Project, asked: &str) -> Option<TableId> {
    let name = asked.strip_prefix(PREFIX).unwrap_or(asked);
    let at = project.resolution.tables.rows.iter().position(|table| table.name.eq_ignore_ascii_case(name))?;
    Some(TableId(u32::try_from(at).expect("tables are counted in u32")))
}

/// True when a name can only mean a table.
pub(super) fn is_explicit(asked: &str) -> bool {
    asked.starts_with(PREFIX)
}

/// A table that is asked for and not there.
pub(super) fn missing(asked: &str) -> Refusal {
    Refusal(format!("{asked}: no table is called so; `unpick tables` lists them"))
}

fn accesses(project: &Project, table: TableId) -> impl Iterator<Item = &Access> {
    project.resolution.tables.accesses.iter().filter(move |access| access.table == table)
}

/// What a table is, who declares it, and every line that uses it.
pub(super) fn around(page: &mut Page, outcome: &Outcome, table: TableId) -> io::Result<()> {
    let project = outcome.project;
    let row = &project.resolution.tables.rows[table.index()];
    let uses = &outcome.findings.tables.uses[table.index()];
    let module = |owner: Owner| project.names.modules[owner.module.index()].name.as_str();
    let owner = match uses.owner {
        Some(owner) if owner.is_clear() => format!("it belongs to {} ({} %)", module(owner), owner.confidence / 10),
        Some(owner) => format!("no clear owner, most speaks for {} ({} %)", module(owner), owner.confidence / 10),
        None => "nobody has a claim to it".to_owned(),
    };
    let kind = uses.kind.word().replace('_', " ");
    page.line(&[bold(row.name.as_str()), plain(format!(": a table, {kind}, {}; {owner}", count(row.columns.len(), "column")))])?;
    for declared in &row.declared {
        page.line(&[
            plain(format!("  {}:{}  ", project.base.path(declared.file), declared.line)),
            faint(format!("declared by {}", declared.by.word())),
        ])?;
    }
    for key in &row.foreign_keys {
        page.line(&[plain(format!("  {} -> {}  ", key.columns.join(", "), key.to_table)), faint(format!("key, {}", key.basis.word()))])?;
    }
    page.gap()?;
    let all: Vec<&Access> = accesses(project, table).collect();
    page.line(&[bold(count(all.len(), "place")), plain(" in the code:")])?;
    all.into_iter().try_for_each(|access| one(page, project, access))
}

/// Every line of a module, file or class that uses a table.
pub(super) fn between(page: &mut Page, project: &Project, from: Subject, table: TableId) -> io::Result<()> {
    let found: Vec<&Access> = accesses(project, table).filter(|access| from.holds(project, access.at.file, access.at.owner)).collect();
    let name = &project.resolution.tables.rows[table.index()].name;
    let head = format!("{} -> {name}", from.name(project));
    if found.is_empty() {
        return page.line(&[bold(head), plain(": no line reads or writes it.")]);
    }
    page.line(&[bold(head), plain(format!(": {}", count(found.len(), "place")))])?;
    found.into_iter().try_for_each(|access| one(page, project, access))
}

/// A place: `file:line write update`, then columns and how sure it is.
fn one(page: &mut Page, project: &Project, access: &Access) -> io::Result<()> {
    let at = &access.at;
    let mut notes = Vec::new();
    if !at.columns.is_empty() {
        notes.push(at.columns.join(", "));
    }
    if at.in_loop {
        notes.push("in a loop".to_owned());
    }
    if access.in_transaction {
        notes.push("in a transaction".to_owned());
    }
    if at.certainty.0 < 100 {
        let counts = if at.certainty < SURE { ", too little to count" } else { "" };
        notes.push(format!("{} % sure{counts}", at.certainty.0));
    }
    let function = at.owner.map(|owner| format!("  {}", project.base.facts(at.file).qualified_name(owner))).unwrap_or_default();
    let place = format!("  {}:{}", project.base.path(at.file), at.line);
    let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join("; ")) };
    page.line(&[plain(format!("{place}  {:<5}  {}", at.operation.word(), at.verb)), faint(format!("{function}{notes}"))])
}
