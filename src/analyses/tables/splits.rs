//! Where a table could be split (PLAN.md A.4): columns that one module alone names, and kinds of rows that modules tell apart
//! without sharing any.

use super::{counts, is_past, kinds};
use crate::analyses::values::ColumnValue;
use crate::bind::{Table, TableId};
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// A group of columns is told from so many on: fewer are no table.
const COLUMNS: usize = 3;
/// A table is worth splitting by columns from so many on.
const WIDE: usize = 12;
/// A module that names more than half of so many kinds of rows, or more, deals with all of them and says nothing of a split.
const DISPATCHES: usize = 3;

/// Kinds of rows are told apart from so many places on: fewer are chance.
const PLACES: u32 = 6;

/// Columns or kinds of rows that would be a table of their own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Part {
    /// Columns, or values of the column that tells kinds apart.
    pub names: Vec<String>,
    /// Modules that use them, with how many places name one.
    pub modules: BTreeMap<ModuleId, u32>,
}

/// A proposal to split a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Split {
    /// The table.
    pub table: TableId,
    /// The column that tells kinds of rows apart; none where columns are split.
    pub by: Option<String>,
    /// The parts, most used first.
    pub parts: Vec<Part>,
    /// Modules that deal with all kinds of rows, and would have to ask several tables.
    pub across: Vec<ModuleId>,
}

/// Every proposal, in table order, columns before rows.
#[must_use]
pub fn splits(project: &Project, values: &[ColumnValue]) -> Vec<Split> {
    let mut found = Vec::new();
    let named = columns_named(project);
    for (id, table) in (0u32..).map(TableId).zip(&project.resolution.tables.rows).filter(|(_, table)| !table.declared.is_empty()) {
        found.extend(named.get(&id).and_then(|named| by_columns(id, table, named)));
        let first = values.partition_point(|value| value.table < id);
        let of_table = &values[first..][..values[first..].partition_point(|value| value.table == id)];
        for of_column in of_table.chunk_by(|a, b| a.column == b.column) {
            let is_pair = table.polymorphic.iter().any(|(kind, _)| *kind == of_column[0].column);
            found.extend(by_rows(project, id, of_column).filter(|_| !is_pair));
        }
    }
    found
}

/// Columns with the modules that name them.
type Named<'a> = BTreeMap<&'a str, BTreeMap<ModuleId, u32>>;

fn columns_named(project: &Project) -> BTreeMap<TableId, Named<'_>> {
    let mut found: BTreeMap<TableId, Named<'_>> = BTreeMap::new();
    for access in &project.resolution.tables.accesses {
        if !counts(access) || is_past(project, access) || kinds::is_upgrade(project.base.path(access.at.file)) {
            continue;
        }
        let module = project.names.module_of[access.at.file.index()];
        for column in &access.at.columns {
            *found.entry(access.table).or_default().entry(column).or_default().entry(module).or_default() += 1;
        }
    }
    found
}

/// Two modules or more that each have columns nobody else names.
fn by_columns(id: TableId, table: &Table, named: &Named<'_>) -> Option<Split> {
    if table.columns.len() < WIDE {
        return None;
    }
    let is_key = |column: &str| table.primary_key.iter().any(|key| key.eq_ignore_ascii_case(column));
    let mut parts: BTreeMap<ModuleId, Part> = BTreeMap::new();
    for column in table.columns.iter().map(|column| column.name.as_str()).filter(|column| !is_key(column)) {
        let Some((_, modules)) = named.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)) else { continue };
        if let [(module, count)] = modules.iter().collect::<Vec<_>>()[..] {
            let part = parts.entry(*module).or_insert(Part { names: Vec::new(), modules: BTreeMap::new() });
            part.names.push(column.to_owned());
            *part.modules.entry(*module).or_default() += count;
        }
    }
    let parts: Vec<Part> = parts.into_values().filter(|part| part.names.len() >= COLUMNS).collect();
    (parts.len() > 1).then(|| Split { table: id, by: None, parts: sorted(parts), across: Vec::new() })
}

/// Kinds of rows that fall into groups no module has in common.
fn by_rows(project: &Project, id: TableId, values: &[ColumnValue]) -> Option<Split> {
    let mut of_value: BTreeMap<&str, BTreeMap<ModuleId, u32>> = BTreeMap::new();
    for value in values {
        let path = project.base.path(value.file);
        if !value.value.is_empty() && !project.base.file(value.file).tags.contains(crate::base::Tag::Migration) && !kinds::is_upgrade(path)
        {
            let module = project.names.module_of[value.file.index()];
            *of_value.entry(&value.value).or_default().entry(module).or_default() += 1;
        }
    }
    let mut kinds_of: BTreeMap<ModuleId, usize> = BTreeMap::new();
    of_value.values().flat_map(BTreeMap::keys).for_each(|module| *kinds_of.entry(*module).or_default() += 1);
    let all = of_value.len();
    let across: BTreeSet<ModuleId> =
        kinds_of.into_iter().filter(|(_, kinds)| *kinds >= DISPATCHES && kinds * 2 > all).map(|(module, _)| module).collect();
    let rows: Vec<(&str, BTreeMap<ModuleId, u32>)> = of_value
        .into_iter()
        .map(|(value, modules)| (value, modules.into_iter().filter(|(module, _)| !across.contains(module)).collect::<BTreeMap<_, _>>()))
        .filter(|(_, modules)| !modules.is_empty())
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    for (value, modules) in rows {
        let mut part = Part { names: vec![value.to_owned()], modules };
        parts.retain(|other| {
            let shares = other.modules.keys().any(|module| part.modules.contains_key(module));
            if shares {
                part.names.extend(other.names.iter().cloned());
                other.modules.iter().for_each(|(module, count)| *part.modules.entry(*module).or_default() += count);
            }
            !shares
        });
        part.names.sort();
        parts.push(part);
    }
    let by = Some(values.first()?.column.clone());
    let across = across.into_iter().collect();
    parts.retain(|part| part.modules.values().sum::<u32>() > 1);
    let places: u32 = parts.iter().flat_map(|part| part.modules.values()).sum();
    (parts.len() > 1 && places >= PLACES).then(|| Split { table: id, by, parts: sorted(parts), across })
}

/// Most used first.
fn sorted(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_cached_key(|part| (std::cmp::Reverse(part.modules.values().sum::<u32>()), part.names.clone()));
    parts
}
