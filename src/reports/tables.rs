//! `unpick tables`: which tables there are, who reads and writes them, worst first.

use super::json::{Document, GENERATOR, SCHEMA_VERSION, tables as rows};
use super::page::{Page, bad, bold, clip, count, faint, list, number, plain};
use super::{Options, Outcome, wholes};
use crate::analyses::tables::{GodTable, Mark, Owner, TableKind, TableUse, is_gone};
use crate::bind::{ForeignKey, Operation, Table, TableId};
use crate::names::ModuleId;
use crate::project::Project;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many shared tables are told with their foreign writes; the others get a line each.
const IN_FULL: usize = 5;
/// How many foreign writes of a table are shown.
const SITES: usize = 3;
/// How many columns are shown with the modules that name them.
const COLUMNS: usize = 4;

/// Writes it as text.
///
/// # Errors
/// When writing fails.
pub fn write_text(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, options.colour, options.width);
    let found = &outcome.findings.tables;
    if found.uses.is_empty() {
        return page.line(&[bold("No tables"), plain(": nothing read here declares or uses one.")]);
    }
    let shared = found.shared();
    head(&mut page, outcome, shared.len())?;
    if !shared.is_empty() {
        page.gap()?;
        page.line(&[bad(format!("{} written by several modules", tables(shared.len()))), plain(": one of them has to own each.")])?;
        for (place, uses) in (1..).zip(shared.iter().take(options.top)) {
            one_shared(&mut page, outcome.project, place, uses)?;
        }
        more(&mut page, shared.len().saturating_sub(options.top))?;
    }
    if !found.gods.is_empty() {
        page.gap()?;
        page.line(&[bad(count(found.gods.len(), "god table")), plain(": wide, used and written by many, or several tables in one.")])?;
        for god in found.gods.iter().take(options.top) {
            one_god(&mut page, outcome, god)?;
        }
        more(&mut page, found.gods.len().saturating_sub(options.top))?;
    }
    for (kind, title, about) in [
        (TableKind::Ghost, "named in code, declared nowhere", "read or written, but no model, migration or schema here makes them."),
        (TableKind::Orphan, "declared, used by nothing seen", "candidates to drop, or used in ways that cannot be read."),
    ] {
        let of_kind: Vec<&str> = found
            .uses
            .iter()
            .filter(|uses| uses.kind == kind && !is_gone(outcome.project, uses.table))
            .map(|uses| row(outcome.project, uses.table).name.as_str())
            .collect();
        if !of_kind.is_empty() {
            page.gap()?;
            page.line(&[bold(format!("{} {title}", tables(of_kind.len()))), plain(format!(": {about}"))])?;
            let width = page.width.saturating_sub(4);
            page.line(&[plain(format!("    {}", list(&of_kind, width)))])?;
        }
    }
    wholes::splits(&mut page, outcome, options.top)?;
    wholes::families(&mut page, outcome, options.top)?;
    keys(&mut page, outcome, options.top)?;
    page.gap()?;
    the_others(&mut page, outcome, options.top)
}

/// Keys that nobody declared, and what is called like one.
fn keys(page: &mut Page, outcome: &Outcome, top: usize) -> io::Result<()> {
    let (project, found) = (outcome.project, &outcome.findings.keys);
    let rows = project.resolution.tables.rows.iter().zip(&found.inferred);
    let mut told: Vec<(&Table, &ForeignKey)> = rows.flat_map(|(table, keys)| keys.iter().map(move |key| (table, key))).collect();
    let width = page.width.saturating_sub(4);
    if !told.is_empty() {
        told.sort_by_key(|(table, key)| (Reverse(key.certainty), &table.name, &key.columns));
        page.gap()?;
        page.line(&[
            bold(count(told.len(), "foreign key")),
            plain(" that nobody declared, by names, types and joins (unpick tables --format sql):"),
        ])?;
        for (table, key) in told.iter().take(top) {
            let place = key.evidence.first().map(|(file, line, kind)| format!("  {kind} {}:{line}", project.base.path(*file)));
            let arrow = format!(
                "    {} -> {}  {} %",
                [table.name.as_str(), key.columns.join(", ").as_str()].join("."),
                key.to_table,
                key.certainty.0
            );
            page.line(&[plain(arrow), faint(place.unwrap_or_default())])?;
        }
        more(page, told.len().saturating_sub(top))?;
    }
    if !found.polymorphic.is_empty() {
        page.gap()?;
        page.line(&[bold(count(found.polymorphic.len(), "key")), plain(" to rows of several tables, with the column that says which:")])?;
        for pair in found.polymorphic.iter().take(top) {
            let targets: Vec<&str> = pair.targets.iter().map(|(to, _)| row(project, *to).name.as_str()).collect();
            let targets = if targets.is_empty() { String::new() } else { format!("  rows of {}", list(&targets, width / 2)) };
            let pair = format!("    {}.{}, {}", row(project, pair.table).name, pair.key_column, pair.type_column);
            page.line(&[plain(pair), faint(targets)])?;
        }
        more(page, found.polymorphic.len().saturating_sub(top))?;
    }
    if !found.open.is_empty() {
        page.gap()?;
        page.line(&[bold(count(found.open.len(), "column")), plain(" called like a key and leading to no table seen here:")])?;
        let names: Vec<String> = found.open.iter().map(|(table, column)| format!("{}.{column}", row(project, *table).name)).collect();
        page.line(&[plain(format!("    {}", list(&names.iter().map(String::as_str).collect::<Vec<_>>(), width)))])?;
    }
    Ok(())
}

pub(super) fn row(project: &Project, table: TableId) -> &Table {
    &project.resolution.tables.rows[table.index()]
}

pub(super) fn module(project: &Project, module: ModuleId) -> &str {
    &project.names.modules[module.index()].name
}

/// `1 table`, `2 tables`.
fn tables(value: usize) -> String {
    count(value, "table")
}

/// How many there are, and what that rests on.
fn head(page: &mut Page, outcome: &Outcome, shared: usize) -> io::Result<()> {
    let found = &outcome.findings.tables;
    let resolved = outcome.project.resolution.tables.accesses.len();
    let open = outcome.project.resolution.unresolved.iter().filter(|open| open.kind == "table").count();
    let exclusive = found.uses.iter().filter(|uses| uses.accessors().len() == 1).count();
    page.line(&[
        bold(tables(found.uses.len())),
        plain(format!(", {} used by one module only, {} written by several.", number(exclusive as u64), number(shared as u64))),
    ])?;
    let told = format!("{} in the code read or write them", count(resolved, "place"));
    let rest = if open == 0 {
        ".".to_owned()
    } else {
        format!("; {} more where the table cannot be told (unpick unresolved).", number(open as u64))
    };
    page.line(&[faint(format!("{told}{rest}"))])
}

/// `orders 12, checkout 3`, most first.
pub(super) fn by_module(project: &Project, side: &BTreeMap<ModuleId, u32>, columns: usize) -> String {
    let mut rows: Vec<(&ModuleId, &u32)> = side.iter().collect();
    rows.sort_by_key(|(id, count)| (Reverse(**count), **id));
    let names: Vec<String> = rows.iter().map(|(id, count)| format!("{} {}", module(project, **id), number(**count))).collect();
    list(&names.iter().map(String::as_str).collect::<Vec<_>>(), columns)
}

fn owner(project: &Project, owner: Option<Owner>) -> String {
    match owner {
        Some(owner) if owner.is_clear() => format!("owner {} ({} %)", module(project, owner.module), owner.confidence / 10),
        Some(owner) => format!("no clear owner, decide; most speaks for {} ({} %)", module(project, owner.module), owner.confidence / 10),
        None => "no owner".to_owned(),
    }
}

fn one_shared(page: &mut Page, project: &Project, place: usize, uses: &TableUse) -> io::Result<()> {
    let table = row(project, uses.table);
    if place > IN_FULL {
        let writers = format!("  written by {} modules, read by {}", uses.writers.len(), uses.readers.len());
        return page.line(&[plain(format!("{place:>2}. ")), bold(table.name.as_str()), faint(writers)]);
    }
    let declared = table.declared.first().map(|at| format!("  {}:{}", project.base.path(at.file), at.line)).unwrap_or_default();
    page.line(&[plain(format!("{place:>2}. ")), bold(table.name.as_str()), plain(declared)])?;
    let width = page.width.saturating_sub(18);
    page.line(&[plain(format!("    {}", owner(project, uses.owner)))])?;
    page.line(&[plain(format!("    written by {}", by_module(project, &uses.writers, width)))])?;
    if !uses.readers.is_empty() {
        page.line(&[faint(format!("    read by    {}", by_module(project, &uses.readers, width)))])?;
    }
    let home = uses.owner.map(|owner| owner.module);
    let foreign = project.resolution.tables.accesses.iter().filter(|access| {
        access.table == uses.table
            && access.at.operation == Operation::Write
            && access.at.verb != "cascade"
            && access.at.certainty >= crate::analyses::tables::SURE
            && !crate::analyses::tables::is_past(project, access)
            && Some(project.names.module_of[access.at.file.index()]) != home
    });
    for access in foreign.take(SITES) {
        page.line(&[faint(format!("      {}:{}  {}", project.base.path(access.at.file), access.at.line, access.at.verb))])?;
    }
    Ok(())
}

fn one_god(page: &mut Page, outcome: &Outcome, god: &GodTable) -> io::Result<()> {
    let table = row(outcome.project, god.table);
    let uses = &outcome.findings.tables.uses[god.table.index()];
    let why = god.marks.iter().map(|mark| match mark {
        Mark::Columns => count(table.columns.len(), "column"),
        Mark::Accessors => format!("used by {}", count(uses.accessors().len(), "module")),
        Mark::Writers => format!("written by {}", count(uses.writers.len(), "module")),
        Mark::Discriminator => format!("{} tells kinds of rows apart", god.discriminator.as_deref().unwrap_or_default()),
    });
    let why: Vec<String> = why.collect();
    page.line(&[plain("    "), bold(table.name.as_str()), plain(format!("  {}", why.join(", ")))])?;
    let width = page.width.saturating_sub(20);
    // Everybody names the key.
    let is_key = |column: &str| table.primary_key.iter().any(|key| key.eq_ignore_ascii_case(column));
    for (column, modules) in most_named(god).into_iter().filter(|(column, _)| !is_key(column)).take(COLUMNS) {
        page.line(&[faint(format!("      {column}: {}", by_module(outcome.project, modules, width)))])?;
    }
    for group in god.column_groups.iter().take(SITES) {
        let names: Vec<&str> = group.iter().map(String::as_str).collect();
        page.line(&[faint(format!("      used together: {}", list(&names, width)))])?;
    }
    Ok(())
}

/// Columns of a god table with the modules that name them, those of the most modules first.
fn most_named(god: &GodTable) -> Vec<(&str, &BTreeMap<ModuleId, u32>)> {
    let mut rows: Vec<_> = god.matrix.iter().map(|(column, modules)| (column.as_str(), modules)).collect();
    rows.sort_by_key(|(column, modules)| (Reverse(modules.len()), *column));
    rows
}

pub(super) fn more(page: &mut Page, left: usize) -> io::Result<()> {
    if left == 0 { Ok(()) } else { page.line(&[faint(format!("    and {} more: unpick tables --top N", number(left as u64)))]) }
}

/// Every other table in a line, the most used first.
fn the_others(page: &mut Page, outcome: &Outcome, top: usize) -> io::Result<()> {
    let mut rows: Vec<&TableUse> = outcome
        .findings
        .tables
        .uses
        .iter()
        .filter(|uses| !uses.is_shared() && !matches!(uses.kind, TableKind::Ghost | TableKind::Orphan))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by_key(|uses| (Reverse(uses.accessors().len()), uses.table));
    let width = page.width.saturating_sub(44).max(20);
    page.line(&[bold(format!("{:<width$}{:>9}{:>9}  {}", "The others", "readers", "writers", "kind, owner"))])?;
    for uses in rows.iter().take(top) {
        let table = row(outcome.project, uses.table);
        let name = format!("  {}", table.name);
        let owner = uses.owner.map_or("", |owner| module(outcome.project, owner.module));
        let kind = match uses.kind {
            TableKind::SingleWriter if uses.writers.is_empty() => "no writer seen".to_owned(),
            kind => kind.word().replace('_', " "),
        };
        let line = format!("{:<width$}{:>9}{:>9}  {kind}, {owner}", clip(&name, width), uses.readers.len(), uses.writers.len());
        page.line(&[plain(line)])?;
    }
    more(page, rows.len().saturating_sub(top))
}

/// Writes it as JSON, in rows like those of the map.
///
/// # Errors
/// When writing fails.
pub fn write_json(outcome: &Outcome, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("tables", &rows::rows(outcome))?;
    document.key("table_accesses", &rows::accesses(outcome.project))?;
    document.key("god_tables", &rows::gods(outcome))?;
    document.key("shared_tables", &rows::shared(outcome))?;
    document.key("table_families", &rows::families(outcome))?;
    document.key("table_splits", &rows::splits(outcome))?;
    document.finish()
}
