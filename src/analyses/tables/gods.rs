//! God tables (PLAN.md A.4): tables that are wide, that many modules use and write, or that hold several kinds of rows.

use super::TableUse;
use crate::bind::{Access, Table, TableId};
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Columns of a very wide table.
const VERY_WIDE: usize = 50;
/// Columns of a wide table.
const WIDE: usize = 30;
/// Modules that write a table too many write.
const WRITERS: usize = 3;
/// Modules that use a table too many use, at least; in a large tree, a quarter of all.
const ACCESSORS: usize = 6;
/// So many modules are too many in every tree: with a thousand modules a quarter would be nobody.
const TOO_MANY: usize = 30;
/// So many modules have to name a discriminator: what one module tells apart is its own affair.
const TOLD_APART: usize = 2;
/// The score from which a table is listed.
const GOD: u32 = 4;

/// Why a table scores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// Thirty columns or more.
    Columns,
    /// Many modules use it.
    Accessors,
    /// Three modules or more write it.
    Writers,
    /// A column says which of several kinds a row is.
    Discriminator,
}

impl Mark {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Accessors => "accessors",
            Self::Writers => "writers",
            Self::Discriminator => "discriminator",
        }
    }
}

/// A table that has grown into a god.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GodTable {
    /// The table.
    pub table: TableId,
    /// Sum of the marks' points.
    pub score: u32,
    /// What gave points.
    pub marks: Vec<Mark>,
    /// The column that tells kinds of rows apart.
    pub discriminator: Option<String>,
    /// Columns that statements use together and apart from the others: where the table could be split.
    pub column_groups: Vec<Vec<String>>,
    /// Columns that statements name, with the modules that do and how often.
    pub matrix: BTreeMap<String, BTreeMap<ModuleId, u32>>,
}

/// Every god table, highest score first.
pub(super) fn gods(project: &Project, uses: &[TableUse], of_table: &[Vec<&Access>], modules: usize) -> Vec<GodTable> {
    let rows = &project.resolution.tables.rows;
    let mut found: Vec<GodTable> =
        uses.iter().filter_map(|row| god(project, &rows[row.table.index()], row, &of_table[row.table.index()], modules)).collect();
    found.sort_by_key(|god| (std::cmp::Reverse(god.score), god.table));
    found
}

fn god(project: &Project, table: &Table, uses: &TableUse, accesses: &[&Access], modules: usize) -> Option<GodTable> {
    let discriminator = discriminator(table).filter(|column| modules_naming(project, accesses, column) >= TOLD_APART);
    let mut marks = Vec::new();
    let mut score = 0;
    let mut add = |holds: bool, points: u32, mark: Mark| {
        if holds {
            score += points;
            marks.push(mark);
        }
    };
    add(table.columns.len() >= WIDE, if table.columns.len() >= VERY_WIDE { 2 } else { 1 }, Mark::Columns);
    add(uses.accessors().len() >= ACCESSORS.max(modules.div_ceil(4)).min(TOO_MANY), 2, Mark::Accessors);
    add(uses.writers.len() >= WRITERS, 2, Mark::Writers);
    add(discriminator.is_some(), 2, Mark::Discriminator);
    (score >= GOD).then(|| GodTable {
        table: uses.table,
        score,
        marks,
        discriminator,
        column_groups: column_groups(accesses).into_iter().filter(|group| group.iter().all(|column| has_column(table, column))).collect(),
        matrix: matrix(project, accesses).into_iter().filter(|(column, _)| has_column(table, column)).collect(),
    })
}

/// True for a column of a table; of one nobody declares, for every one. What a statement names without its table may be
/// another table's.
fn has_column(table: &Table, name: &str) -> bool {
    table.columns.is_empty() || table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
}

/// How many modules name a column in statements.
fn modules_naming(project: &Project, accesses: &[&Access], column: &str) -> usize {
    let naming = accesses.iter().filter(|access| access.at.columns.iter().any(|name| name.eq_ignore_ascii_case(column)));
    naming.map(|access| project.names.module_of[access.at.file.index()]).collect::<BTreeSet<_>>().len()
}

/// Who names which column: where the rows of the matrix differ, the table may be split.
fn matrix(project: &Project, accesses: &[&Access]) -> BTreeMap<String, BTreeMap<ModuleId, u32>> {
    let mut found: BTreeMap<String, BTreeMap<ModuleId, u32>> = BTreeMap::new();
    for access in accesses {
        let module = project.names.module_of[access.at.file.index()];
        for column in &access.at.columns {
            *found.entry(column.clone()).or_default().entry(module).or_default() += 1;
        }
    }
    found
}

/// A column whose name says that it tells kinds of rows apart.
fn discriminator(table: &Table) -> Option<String> {
    let pairs: BTreeSet<&str> = table.polymorphic.iter().map(|(kind, _)| kind.as_str()).collect();
    let is_one = |name: &str| {
        let name = name.to_lowercase();
        matches!(name.as_str(), "type" | "kind" | "class" | "entity_type_id") || name.ends_with("_type")
    };
    table.columns.iter().map(|column| column.name.as_str()).find(|name| is_one(name) && !pairs.contains(name)).map(str::to_owned)
}

/// Connected components of the columns that one statement uses together, those left out that most statements use.
fn column_groups(accesses: &[&Access]) -> Vec<Vec<String>> {
    let statements: Vec<&[String]> =
        accesses.iter().map(|access| access.at.columns.as_slice()).filter(|columns| columns.len() > 1).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for columns in &statements {
        for column in *columns {
            *seen.entry(column).or_default() += 1;
        }
    }
    let everywhere = |column: &str| seen[column] * 2 > statements.len() && statements.len() > 2;
    let mut groups: Vec<BTreeSet<&str>> = Vec::new();
    for columns in &statements {
        let mut group: BTreeSet<&str> = columns.iter().map(String::as_str).filter(|column| !everywhere(column)).collect();
        if group.is_empty() {
            continue;
        }
        groups.retain(|other| {
            let joins = !other.is_disjoint(&group);
            if joins {
                group.extend(other.iter().copied());
            }
            !joins
        });
        groups.push(group);
    }
    groups.retain(|group| group.len() > 1);
    groups.sort();
    let groups: Vec<Vec<String>> = groups.into_iter().map(|group| group.into_iter().map(str::to_owned).collect()).collect();
    if groups.len() > 1 { groups } else { Vec::new() }
}
