//! Keys of several columns, which only joins show: a statement that takes all columns of another table's key to be equal to
//! columns of one table.

use super::MOST_EVIDENCE;
use crate::base::{Certainty, FileId};
use crate::bind::{ForeignKey, KeyBasis, TableId, Tables};
use std::collections::{BTreeMap, BTreeSet};

/// How sure one or two statements make it, and more of them (PLAN.md A.6), in percent.
const SURE: (u8, u8) = (75, 90);

/// Columns of the one table beside those of the other's key they are equal to.
type Pairs = BTreeSet<(String, String)>;
/// The table that refers and its columns, the other and its columns.
type Key = (TableId, Vec<String>, TableId, Vec<String>);

/// The composite keys of every table that has some.
pub(super) fn keys(tables: &Tables) -> BTreeMap<TableId, Vec<ForeignKey>> {
    let mut seen: BTreeMap<(FileId, u32, TableId, TableId), Pairs> = BTreeMap::new();
    for join in &tables.joins {
        for (from, to) in [(&join.left, &join.right), (&join.right, &join.left)] {
            if from.0 != to.0 && tables.rows[to.0.index()].primary_key.len() > 1 {
                let pair = (from.1.to_lowercase(), to.1.to_lowercase());
                seen.entry((join.file, join.line, from.0, to.0)).or_default().insert(pair);
            }
        }
    }
    let mut places: BTreeMap<Key, BTreeSet<(FileId, u32)>> = BTreeMap::new();
    for ((file, line, from, to), pairs) in seen {
        if let Some(key) = key_of(tables, from, to, &pairs) {
            places.entry(key).or_default().insert((file, line));
        }
    }
    let mut found: BTreeMap<TableId, Vec<ForeignKey>> = BTreeMap::new();
    for ((from, columns, to, to_columns), places) in places {
        let declared = tables.rows[from.index()].foreign_keys.iter().any(|key| columns.iter().all(|column| key.columns.contains(column)));
        if !declared {
            found.entry(from).or_default().push(ForeignKey {
                columns,
                to_table: tables.rows[to.index()].name.clone(),
                to_columns,
                basis: KeyBasis::Inferred,
                certainty: Certainty(if places.len() > 2 { SURE.1 } else { SURE.0 }),
                evidence: places.iter().take(MOST_EVIDENCE).map(|(file, line)| (*file, *line, "join")).collect(),
            });
        }
    }
    found
}

/// The key that equal columns make where they are all columns of the second table's key. Whoever is called after the other
/// refers to it; else the one whose columns are no key of its own, and of two such nobody can tell.
fn key_of(tables: &Tables, first: TableId, second: TableId, pairs: &Pairs) -> Option<Key> {
    let (row, other) = (&tables.rows[first.index()], &tables.rows[second.index()]);
    let mut columns = Vec::new();
    for key in &other.primary_key {
        let mut equal = pairs.iter().filter(|(_, to)| to.eq_ignore_ascii_case(key)).map(|(from, _)| from);
        let column = equal.next().filter(|_| equal.next().is_none())?;
        let written = row.columns.iter().find(|known| known.name.eq_ignore_ascii_case(column));
        columns.push(written.map_or_else(|| column.clone(), |known| known.name.clone()));
    }
    let distinct: BTreeSet<&String> = columns.iter().collect();
    if distinct.len() < columns.len() {
        return None;
    }
    let same_key = row.primary_key.len() == columns.len() && row.primary_key.iter().all(|key| columns.contains(key));
    let called_after = |one: &str, other: &str| one.len() > other.len() && one.to_lowercase().contains(&other.to_lowercase());
    let key = other.primary_key.clone();
    match (called_after(&row.name, &other.name), called_after(&other.name, &row.name)) {
        (true, _) => Some((first, columns, second, key)),
        (_, true) => Some((second, key, first, columns)),
        _ if same_key => None,
        _ => Some((first, columns, second, key)),
    }
}
