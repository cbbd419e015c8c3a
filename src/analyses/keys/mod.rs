//! Foreign keys that nobody declared (PLAN.md A.6): what names, joins and the flow of values say about columns.
//!
//! Each sort of evidence says with some probability that a column refers to a table; together they leave the chance
//! that all of them are wrong. Of the tables a column may refer to, only the best is told, and only where it is clear.

mod names;
mod types;
mod words;

use crate::base::{Certainty, FileId};
use crate::bind::{ForeignKey, KeyBasis, Table, TableId, Tables};
use crate::project::Project;
use names::Catalog;
use std::collections::BTreeMap;

/// A key less sure than this is not told, in thousandths.
const TOLD: u32 = 600;
/// What a name must say at least for a table's own key to refer to another table, in percent.
const OF_OWN_KEY: u32 = 75;
/// So many places of evidence are listed for a key.
const MOST_EVIDENCE: usize = 20;

/// What is known of keys that nobody declared.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct KeyFindings {
    /// The inferred keys of every table, in table order.
    pub inferred: Vec<Vec<ForeignKey>>,
}

/// Evidence for one column referring to one table.
#[derive(Default)]
struct Case {
    /// What the name says, in percent.
    name: u32,
    /// Statements that join columns of the same name in other tables to it.
    elsewhere: Vec<(FileId, u32, &'static str)>,
    /// Statements that join the two.
    joins: Vec<(FileId, u32, &'static str)>,
    /// Columns of the other table that joins name, with how often.
    to_columns: BTreeMap<String, usize>,
}

/// Looks at every column.
#[must_use]
pub fn keys(project: &Project) -> KeyFindings {
    let tables = &project.resolution.tables;
    let catalog = Catalog::of(tables);
    let mut joined = joins(tables);
    let elsewhere = by_column(&joined);
    let inferred = (0u32..).map(TableId).zip(&tables.rows).map(|(id, table)| {
        let columns = table.columns.iter().filter(|column| {
            !table.foreign_keys.iter().any(|key| key.columns.iter().any(|other| other.eq_ignore_ascii_case(&column.name)))
        });
        let of_column = columns.filter_map(|column| {
            let name = column.name.to_lowercase();
            let mut cases = joined.remove(&(id, name.clone())).unwrap_or_default();
            if cases.is_empty() {
                for (to, places) in elsewhere.get(&name).into_iter().flatten() {
                    cases.entry(*to).or_default().elsewhere.clone_from(places);
                }
            }
            key_of(tables, &catalog, id, column, cases)
        });
        of_column.collect()
    });
    KeyFindings { inferred: inferred.collect() }
}

/// Evidence by column and by the table it may refer to.
type Cases = BTreeMap<(TableId, String), BTreeMap<TableId, Case>>;

/// What joins say: the column that is compared with another table's key refers to it.
fn joins(tables: &Tables) -> Cases {
    let mut found = Cases::new();
    for join in &tables.joins {
        for (from, to) in [(&join.left, &join.right), (&join.right, &join.left)] {
            let (from_row, to_row) = (&tables.rows[from.0.index()], &tables.rows[to.0.index()]);
            if !is_key(to_row, &to.1) || is_key(from_row, &from.1) && !is_key_of_another(from_row, &from.1) {
                continue;
            }
            let case = found.entry((from.0, from.1.to_lowercase())).or_default().entry(to.0).or_default();
            case.joins.push((join.file, join.line, join.how));
            *case.to_columns.entry(to.1.to_lowercase()).or_default() += 1;
        }
    }
    found
}

/// Places of joins by column name and by the table joined.
type ByColumn = BTreeMap<String, BTreeMap<TableId, Vec<(FileId, u32, &'static str)>>>;

/// What joins say of columns with the same name in other tables; names that say nothing are left out.
fn by_column(joined: &Cases) -> ByColumn {
    let mut found = ByColumn::new();
    for ((_, column), cases) in joined {
        if names::fits_everything(column) {
            continue;
        }
        for (to, case) in cases {
            found.entry(column.clone()).or_default().entry(*to).or_default().extend(&case.joins);
        }
    }
    found
}

/// The column is the whole primary key; of a table nobody declares, what every table has.
fn is_key(table: &Table, column: &str) -> bool {
    match table.primary_key.as_slice() {
        [key] => key.eq_ignore_ascii_case(column),
        [] => column.eq_ignore_ascii_case("id"),
        _ => false,
    }
}

/// A primary key that may still refer to another table: it is called after it.
fn is_key_of_another(table: &Table, column: &str) -> bool {
    table.primary_key.len() == 1 && !column.eq_ignore_ascii_case("id") && words::KeyName::of(column).is_some_and(|name| name.marked)
}

/// The key of a column, where the evidence for one table is strong enough and clearly the strongest.
fn key_of(
    tables: &Tables,
    catalog: &Catalog<'_>,
    table: TableId,
    column: &crate::bind::Column,
    mut cases: BTreeMap<TableId, Case>,
) -> Option<ForeignKey> {
    let row = &tables.rows[table.index()];
    let own_key = is_key(row, &column.name);
    if own_key && !is_key_of_another(row, &column.name) || catalog.is_scratch(table) {
        return None;
    }
    for named in catalog.meant(table, &column.name) {
        if !own_key || named.to != table && named.percent >= OF_OWN_KEY {
            cases.entry(named.to).or_default().name = named.percent;
        }
    }
    let marked = words::KeyName::of(&column.name).is_some_and(|name| name.marked);
    let sort = types::sort(column.type_name.as_deref());
    let mut rated: Vec<(u32, TableId)> = Vec::new();
    for (to, case) in &cases {
        let other = &tables.rows[to.index()];
        let key_type =
            other.columns.iter().find(|column| is_key(other, &column.name)).and_then(|column| types::sort(column.type_name.as_deref()));
        let agree = types::agree(sort, key_type);
        let is_text = matches!(sort, Some(types::Sort::Text(None)));
        if !marked && case.joins.is_empty() && (agree != Some(true) || is_text && !by_key_column(other, &column.name)) {
            continue;
        }
        let mut wrong = 1000 - case.name * 10;
        wrong = match case.joins.len() {
            0 => wrong,
            1 | 2 => wrong * 250 / 1000,
            _ => wrong * 100 / 1000,
        };
        wrong = match case.elsewhere.len() {
            0 => wrong,
            1 | 2 => wrong * 600 / 1000,
            _ => wrong * 450 / 1000,
        };
        let mut sure = 1000 - wrong;
        if agree == Some(false) {
            sure = sure * 300 / 1000;
        }
        if words::words(&column.name).last().is_some_and(|word| word == "uuid") && key_type != Some(types::Sort::Uuid) {
            continue;
        }
        if other.primary_key.len() > 1 {
            sure = sure * 600 / 1000;
        }
        rated.push((sure, *to));
    }
    rated.sort_by_key(|(sure, to)| (std::cmp::Reverse(*sure), *to));
    let (mut sure, to) = *rated.first()?;
    if let Some((second, _)) = rated.get(1)
        && sure - second < 100
    {
        sure = sure * 800 / 1000;
    }
    if sure < TOLD {
        return None;
    }
    let case = &cases[&to];
    Some(inferred(row, &tables.rows[to.index()], column, case, sure))
}

/// The name ends with the name of the other table's key: `locale_code`.
fn by_key_column(other: &Table, column: &str) -> bool {
    let last = words::words(column).pop();
    matches!((other.primary_key.as_slice(), last), ([key], Some(last)) if key.eq_ignore_ascii_case(&last))
}

fn inferred(row: &Table, other: &Table, column: &crate::bind::Column, case: &Case, sure: u32) -> ForeignKey {
    let to_column =
        case.to_columns.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse((*name).clone()))).map(|(name, _)| name.clone());
    let key = match other.primary_key.as_slice() {
        [only] => Some(only.clone()),
        _ => to_column,
    };
    let mut evidence = case.joins.clone();
    evidence.sort();
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
    evidence.extend(case.elsewhere.iter().take(3).map(|(file, line, _)| (*file, *line, "joined elsewhere")));
    if case.name > 0 {
        let place = row.declared.first().or(other.declared.first());
        evidence.extend(place.map(|at| (at.file, at.line, "name")));
    }
    let percent = u8::try_from(sure / 10).unwrap_or(99).min(99);
    ForeignKey {
        columns: vec![column.name.clone()],
        to_table: other.name.clone(),
        to_columns: key.into_iter().collect(),
        basis: KeyBasis::Inferred,
        certainty: Certainty(percent),
        evidence,
    }
}
