//! Foreign keys that nobody declared (PLAN.md A.6): what names, joins and the flow of values say about columns.
//!
//! Each sort of evidence says with some probability that a column refers to a table; together they leave the chance
//! that all of them are wrong. Of the tables a column may refer to, only the best is told, and only where it is clear.

mod catalog;
mod composite;
mod flow;
mod kin;
mod names;
mod polymorphic;
mod rating;
mod types;
mod vocabulary;
mod words;

use crate::analyses::values::ColumnValue;
use crate::base::{Certainty, FileId};
use crate::bind::{Column, ForeignKey, KeyBasis, Table, TableId, Tables};
use crate::project::Project;
use catalog::Catalog;
use std::collections::{BTreeMap, BTreeSet};

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

/// A place that says something of a key, and how.
pub type Proof = (FileId, u32, &'static str);

/// Two columns that refer to rows of several tables: one names the table, the other has the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Polymorphic {
    /// The table they stand in.
    pub table: TableId,
    /// The column that says which table is meant.
    pub type_column: String,
    /// The column with the key.
    pub key_column: String,
    /// Tables that the key refers to, each with the places that say so: a statement that joins them, a relation of the other
    /// side, a value of the type column that is called like the table.
    pub targets: Vec<(TableId, Vec<Proof>)>,
}

/// Evidence for one column referring to one table.
#[derive(Default)]
struct Case {
    /// What the name says, in percent.
    name: u32,
    /// Statements that join columns of the same name in other tables to it.
    elsewhere: Vec<(FileId, u32, &'static str)>,
    /// Places where a key of the other table is handed to the column.
    flows: BTreeSet<(FileId, u32)>,
    /// Statements that join the two.
    joins: Vec<(FileId, u32, &'static str)>,
    /// Columns of the other table that joins name, with how often.
    to_columns: BTreeMap<String, usize>,
}

impl Case {
    /// Leaves what the name says.
    fn forget_places(&mut self) {
        self.elsewhere.clear();
        self.joins.clear();
        self.flows.clear();
    }
}

/// Looks at every column.
#[must_use]
pub fn keys(project: &Project, values: &[ColumnValue]) -> KeyFindings {
    let tables = &project.resolution.tables;
    let catalog = Catalog::of(tables);
    let mut joined = joins(tables);
    let elsewhere = by_column(&joined);
    let mut flows = flow::flows(project);
    let composite = composite::keys(tables);
    let mut found = KeyFindings::default();
    for (id, table) in (0u32..).map(TableId).zip(&tables.rows) {
        let pairs = polymorphic::pairs(tables, id, &joined, &catalog, values);
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
            for (to, places) in flows.remove(&(id, name)).into_iter().flatten() {
                cases.entry(to).or_default().flows = places;
            }
            let in_pair = pairs.iter().any(|pair| pair.key_column == column.name || pair.type_column == column.name);
            if in_pair {
                // Statements that join the key of a pair speak for one of several tables.
                cases.values_mut().for_each(Case::forget_places);
            }
            match key_of(tables, &catalog, id, column, cases).filter(|key| !in_pair || key.certainty >= OF_PAIR) {
                Some(key) => inferred.push(key),
                None if !in_pair && looks_like_key(table, column) && !catalog.is_scratch(id) => found.open.push((id, column.name.clone())),
                None => {}
            }
        }
        inferred.extend(composite.get(&id).into_iter().flatten().cloned());
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
    let asked = rating::Asked::of(column);
    let rated = cases.iter().filter_map(|(to, case)| Some((rating::rate(&asked, &tables.rows[to.index()], case)?, *to)));
    let (sure, to) = rating::clearest(rated.collect())?;
    if sure < TOLD {
        return None;
    }
    let other = &tables.rows[to.index()];
    Some(inferred(row, other, column, &cases[&to], asked.namesake(other), sure))
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

fn inferred(row: &Table, other: &Table, column: &Column, case: &Case, namesake: Option<&str>, sure: u32) -> ForeignKey {
    let to_column =
        case.to_columns.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse((*name).clone()))).map(|(name, _)| name.clone());
    let key = match other.primary_key.as_slice() {
        _ if namesake.is_some() => namesake.map(str::to_owned),
        [only] => Some(only.clone()),
        _ => to_column.or_else(|| rating::beside_language(other).cloned()),
    };
    let mut evidence = case.joins.clone();
    evidence.sort();
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
    evidence.extend(case.flows.iter().take(3).map(|(file, line)| (*file, *line, "value")));
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
