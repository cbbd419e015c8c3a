//! What a division of the application cuts through: units, tables, joins, keys.

use super::facts::Facts;
use std::collections::BTreeSet;

/// The group of every node; [`NONE`] for those in none.
pub type Labels = [u32];

/// Stands for no group.
pub const NONE: u32 = u32::MAX;

/// A fact that spans several groups.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spanning {
    /// Its index in the list of facts, or the table.
    pub fact: usize,
    /// The groups, rising.
    pub groups: Vec<u32>,
}

/// How much a division cuts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Costs {
    /// Transactions that write tables of several groups: they lose their atomicity.
    pub explicit_units: usize,
    /// Units without a transaction that do.
    pub implicit_units: usize,
    /// How often units leave one group for another: over all units, the groups they write in less one.
    pub handovers: usize,
    /// Tables with writers in several groups.
    pub tables: usize,
    /// Joins over several groups.
    pub joins: usize,
    /// Foreign keys between groups.
    pub keys: usize,
}

impl Costs {
    /// What this division cuts.
    #[must_use]
    pub fn of(facts: &Facts, labels: &Labels) -> Self {
        let units = distributed_units(facts, labels);
        let explicit = units.iter().filter(|unit| facts.units[unit.fact].explicit).count();
        Self {
            explicit_units: explicit,
            implicit_units: units.len() - explicit,
            handovers: units.iter().map(|unit| unit.groups.len() - 1).sum(),
            tables: cross_written(facts, labels).len(),
            joins: cross_joins(facts, labels).len(),
            keys: cut_keys(facts, labels).len(),
        }
    }

    /// Units that write in several groups.
    #[must_use]
    pub fn units(self) -> usize {
        self.explicit_units + self.implicit_units
    }
}

fn spanning(fact: usize, groups: impl Iterator<Item = u32>) -> Option<Spanning> {
    let groups: BTreeSet<u32> = groups.filter(|group| *group != NONE).collect();
    (groups.len() > 1).then(|| Spanning { fact, groups: groups.into_iter().collect() })
}

/// Units that write tables of several groups (PLAN.md A.9).
#[must_use]
pub fn distributed_units(facts: &Facts, labels: &Labels) -> Vec<Spanning> {
    let group = |table: &usize| labels[facts.table_node(*table)];
    facts.units.iter().enumerate().filter_map(|(at, unit)| spanning(at, unit.writes.iter().map(group))).collect()
}

/// Tables that atoms of several groups write, or that only atoms of another group write.
#[must_use]
pub fn cross_written(facts: &Facts, labels: &Labels) -> Vec<Spanning> {
    let mut writers: Vec<Vec<u32>> = (0..facts.tables.len()).map(|table| vec![labels[facts.table_node(table)]]).collect();
    for access in facts.accesses.iter().filter(|access| access.writes > 0) {
        writers[access.table].push(labels[access.atom]);
    }
    writers.into_iter().enumerate().filter_map(|(table, groups)| spanning(table, groups.into_iter())).collect()
}

/// Joins over tables of several groups (PLAN.md A.8).
#[must_use]
pub fn cross_joins(facts: &Facts, labels: &Labels) -> Vec<Spanning> {
    let group = |table: &usize| labels[facts.table_node(*table)];
    facts.joins.iter().enumerate().filter_map(|(at, join)| spanning(at, join.tables.iter().map(group))).collect()
}

/// Foreign keys between groups, as indices.
#[must_use]
pub fn cut_keys(facts: &Facts, labels: &Labels) -> Vec<usize> {
    let group = |table: usize| labels[facts.table_node(table)];
    let keys = facts.keys.iter().enumerate();
    let between = keys.filter(|(_, key)| group(key.from) != group(key.to) && group(key.from) != NONE && group(key.to) != NONE);
    between.map(|(at, _)| at).collect()
}
