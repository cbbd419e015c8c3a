//! Units that no single candidate can do any more, as sagas (PLAN.md A.9).

use super::costs::{Labels, NONE, distributed_units};
use super::facts::Facts;
use std::collections::{BTreeMap, BTreeSet};

/// What one candidate does in a saga.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LocalStep {
    /// The candidate.
    pub candidate: u32,
    /// Tables it writes; each needs a way back when a later step fails.
    pub writes: Vec<usize>,
    /// Tables it only reads.
    pub reads: Vec<usize>,
}

/// A distributed unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saga {
    /// The unit.
    pub unit: usize,
    /// A transaction held it together, so that atomicity is lost; otherwise it never was atomic.
    pub explicit: bool,
    /// By candidate. The one whose code starts the unit comes last: it knows when everything else has worked.
    pub steps: Vec<LocalStep>,
    /// How many other distributed units meet a step halfway: they use one of its tables in the other mode. Summed over steps.
    pub cost: usize,
    /// How much has to be thought anew: writes that need a way back, other distributed units that write what this one reads,
    /// and those that read what this one may have to take back.
    pub redesign: usize,
}

/// Every distributed unit, the most costly first.
#[must_use]
pub fn sagas(facts: &Facts, labels: &Labels) -> Vec<Saga> {
    let units: Vec<usize> = distributed_units(facts, labels).into_iter().map(|unit| unit.fact).collect();
    let mut writing: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut reading: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for unit in &units {
        for table in &facts.units[*unit].writes {
            writing.entry(*table).or_default().insert(*unit);
        }
        for table in &facts.units[*unit].reads {
            reading.entry(*table).or_default().insert(*unit);
        }
    }
    let mut sagas: Vec<Saga> = units.iter().map(|unit| saga(facts, labels, *unit, &writing, &reading)).collect();
    sagas.sort_by_key(|saga| (std::cmp::Reverse((saga.explicit, saga.cost, saga.redesign)), saga.unit));
    sagas
}

type Users = BTreeMap<usize, BTreeSet<usize>>;

fn saga(facts: &Facts, labels: &Labels, at: usize, writing: &Users, reading: &Users) -> Saga {
    let unit = &facts.units[at];
    let mut steps: BTreeMap<u32, LocalStep> = BTreeMap::new();
    let group = |table: usize| labels[facts.table_node(table)];
    for table in unit.writes.iter().filter(|table| group(**table) != NONE) {
        steps.entry(group(*table)).or_default().writes.push(*table);
    }
    for table in unit.reads.iter().filter(|table| group(**table) != NONE) {
        steps.entry(group(*table)).or_default().reads.push(*table);
    }
    let others = |users: &Users, tables: &[usize]| -> BTreeSet<usize> {
        let used = tables.iter().filter_map(|table| users.get(table));
        used.flatten().copied().filter(|unit| *unit != at).collect()
    };
    let met = |step: &LocalStep| others(reading, &step.writes).union(&others(writing, &step.reads)).count();
    let cost = steps.values().map(met).sum();
    let redesign = unit.writes.len() + others(writing, &unit.reads).len() + others(reading, &unit.writes).len();
    let home = labels[unit.atom];
    let mut steps: Vec<LocalStep> = steps.into_iter().map(|(candidate, step)| LocalStep { candidate, ..step }).collect();
    steps.sort_by_key(|step| (step.candidate == home, step.candidate));
    Saga { unit: at, explicit: unit.explicit, steps, cost, redesign }
}
