//! Foreign keys that nobody declared (PLAN.md A.6): what names, joins and the flow of values say about columns.
//!
//! Each sort of evidence says with some probability that a column refers to a table; together they leave the chance
//! that all of them are wrong. Of the tables a column may refer to, only the best is told, and only where it is clear.

mod kin;
mod names;
mod polymorphic;
mod types;
mod words;

use crate::base::{Certainty, FileId};
use crate::bind::{Column, ForeignKey, KeyBasis, Table, TableId, Tables};
use crate::project::Project;
use names::Catalog;
use std::collections::BTreeMap;

/// A key less sure than this is not told, in thousandths.
const TOLD: u32 = 600;
/// What a name must say at least for a table's own key to refer to another table, in percent.
const OF_OWN_KEY: u32 = 75;
/// What a name says at least where tables of the same area come before what joins elsewhere say, in percent.
const OF_AREA: u32 = 62;
/// What it says that a table is called after another one whose key it has, in percent.
const OF_EXTENSION: u32 = 84;
/// How sure it must be that the key of a pair refers to one table after all: its name says so.
const OF_PAIR: Certainty = Certainty(80);
/// So many places of evidence are listed for a key.
const MOST_EVIDENCE: usize = 20;

/// What is known of keys that nobody declared.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct KeyFindings {
    /// The inferred keys of every table, in table order.
    pub inferred: Vec<Vec<ForeignKey>>,
    /// Columns that are called like keys and lead nowhere, by table and in the order of the columns.
    pub open: Vec<(TableId, String)>,
    /// Pairs of columns that refer to rows of several tables, by table.
    pub polymorphic: Vec<Polymorphic>,
}

impl KeyFindings {
    /// The pairs of a table.
    pub fn of_table(&self, table: TableId) -> impl Iterator<Item = &Polymorphic> {
        let first = self.polymorphic.partition_point(|pair| pair.table < table);
        self.polymorphic[first..].iter().take_while(move |pair| pair.table == table)
    }

    /// Columns of a table that are called like keys and lead nowhere.
    pub fn open_in(&self, table: TableId) -> impl Iterator<Item = &str> {
        let first = self.open.partition_point(|(other, _)| *other < table);
        self.open[first..].iter().take_while(move |(other, _)| *other == table).map(|(_, column)| column.as_str())
    }
}

/// Two columns that refer to rows of several tables: one names the table, the other has the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Polymorphic {
    /// The table they stand in.
    pub table: TableId,
    /// The column that says which table is meant.
    pub type_column: String,
    /// The column with the key.
    pub key_column: String,
    /// Tables that statements join the key with.
    pub targets: Vec<TableId>,
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
    let mut found = KeyFindings::default();
    for (id, table) in (0u32..).map(TableId).zip(&tables.rows) {
        let pairs = polymorphic::pairs(id, table, &joined);
        let mut inferred = Vec::new();
        let undeclared = |column: &&Column| {
            !table.foreign_keys.iter().any(|key| key.columns.iter().any(|other| other.eq_ignore_ascii_case(&column.name)))
        };
        for column in table.columns.iter().filter(undeclared) {
            let name = column.name.to_lowercase();
            let mut cases = joined.remove(&(id, name.clone())).unwrap_or_default();
            if cases.is_empty() {
                for (to, places) in elsewhere.get(&name).into_iter().flatten() {
                    cases.entry(*to).or_default().elsewhere.clone_from(places);
                }
            }
            let in_pair = pairs.iter().any(|pair| pair.key_column == column.name || pair.type_column == column.name);
            match key_of(tables, &catalog, id, column, cases).filter(|key| !in_pair || key.certainty >= OF_PAIR) {
                Some(key) => inferred.push(key),
                None if !in_pair && looks_like_key(table, column) && !catalog.is_scratch(id) => found.open.push((id, column.name.clone())),
                None => {}
            }
        }
        found.polymorphic.extend(pairs);
        found.inferred.push(inferred);
    }
    found
}

/// The name says that it is a key, and the type can be one.
fn looks_like_key(table: &Table, column: &Column) -> bool {
    let marked = words::KeyName::of(&column.name).is_some_and(|name| name.marked);
    marked && !is_key(table, &column.name) && types::sort(column.type_name.as_deref()) != Some(types::Sort::NoKey)
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
    column: &Column,
    mut cases: BTreeMap<TableId, Case>,
) -> Option<ForeignKey> {
    let row = &tables.rows[table.index()];
    let own_key = is_key(row, &column.name);
    let of_key = catalog.is_main_part(table, &column.name);
    let extended = catalog.extended(table, &column.name).filter(|_| own_key);
    let is_own = own_key && !is_key_of_another(row, &column.name) || (own_key || of_key) && catalog.names_itself(table, &column.name);
    if is_own && extended.is_none() || catalog.is_scratch(table) {
        return None;
    }
    let meant = catalog.meant(table, &column.name);
    name_them(catalog, table, &meant, own_key.then_some(column.name.as_str()), &mut cases);
    if let Some(whole) = extended {
        cases.entry(whole).or_default().name = OF_EXTENSION;
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
        let fits = if by_key_column(other, &column.name) { agree != Some(false) } else { agree == Some(true) && !is_text };
        if !marked && case.joins.is_empty() && !fits {
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
        let by_another_name = |key: &String| matches!(key.to_lowercase().as_str(), "key" | "code" | "name" | "slug" | "path");
        if marked && case.joins.is_empty() && other.primary_key.iter().any(by_another_name) && !by_key_column(other, &column.name) {
            sure = sure * 700 / 1000;
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

/// Puts down what a column's name says. The table's own key (`own`) may only mean a table that is close to it.
fn name_them(catalog: &Catalog<'_>, table: TableId, meant: &[names::Named], own: Option<&str>, cases: &mut BTreeMap<TableId, Case>) {
    // A table of the same area that is meant by name stands against what the same column is joined with in other areas.
    let of_area = |named: &names::Named| named.percent >= OF_AREA && catalog.nearness(table, named.to) > 0;
    if meant.iter().any(|named| named.to != table && of_area(named)) {
        cases.retain(|to, case| case.elsewhere.is_empty() || meant.iter().any(|named| named.to == *to && of_area(named)));
    }
    for named in meant {
        let fits = own.is_none_or(|column| named.to != table && catalog.may_be_own_key(table, column, *named, OF_OWN_KEY));
        if fits {
            cases.entry(named.to).or_default().name = named.percent;
        }
    }
}

/// The name ends with the name of the other table's key: `locale_code`.
fn by_key_column(other: &Table, column: &str) -> bool {
    let last = words::words(column).pop();
    matches!((other.primary_key.as_slice(), last), ([key], Some(last)) if key.eq_ignore_ascii_case(&last))
}

fn inferred(row: &Table, other: &Table, column: &Column, case: &Case, sure: u32) -> ForeignKey {
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
