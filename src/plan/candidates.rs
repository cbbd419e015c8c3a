//! Candidates with a name: what a group of nodes is called and what it holds.

use super::costs::{Labels, NONE};
use super::division::Ground;
use super::facts::Facts;
use super::naming;
use std::collections::{BTreeMap, BTreeSet};

/// A part of the monolith that could become a service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Candidate {
    /// Unique among candidates.
    pub name: String,
    /// Its code.
    pub atoms: Vec<usize>,
    /// Tables it owns.
    pub tables: Vec<usize>,
    /// Tables of others that its code reads: it asks for them, or keeps a copy.
    pub replicas: Vec<usize>,
    /// People decided on it.
    pub decided: bool,
}

/// Names groups and brings them into the order of their names; with them the number of the candidate of every node.
#[must_use]
pub fn candidates(ground: &Ground<'_>, labels: &Labels) -> (Vec<Candidate>, Vec<u32>) {
    let facts = ground.facts;
    let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (node, label) in labels.iter().enumerate().filter(|(_, label)| **label != NONE) {
        groups.entry(*label).or_default().push(node);
    }
    // Tables that no code uses are nothing one could move, unless people say so.
    let used = used(facts);
    let is_wanted = |node: &usize| {
        let people = ground.bundles.decided[ground.bundles.groups.of[*node] as usize].is_some();
        people || facts.as_table(*node).is_none_or(|table| used.contains(&table))
    };
    groups.retain(|_, nodes| nodes.iter().any(is_wanted));
    let decided = |nodes: &[usize]| nodes.iter().find_map(|node| ground.bundles.decided[ground.bundles.groups.of[*node] as usize]);
    let wanted: Vec<(Vec<usize>, Option<String>)> =
        groups.values().map(|nodes| (nodes.clone(), decided(nodes).map(|at| facts.wishes.services[at as usize].name.clone()))).collect();
    let mut named: Vec<(Candidate, u32)> = Vec::new();
    for ((label, nodes), name) in groups.into_iter().zip(naming::named(ground, &wanted)) {
        let decided = decided(&nodes);
        let (atoms, tables): (Vec<usize>, Vec<usize>) = nodes.iter().partition(|node| **node < facts.atoms.len());
        let tables = tables.into_iter().map(|node| node - facts.atoms.len()).collect();
        named.push((Candidate { name, atoms, tables, replicas: Vec::new(), decided: decided.is_some() }, label));
    }
    named.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    let number: BTreeMap<u32, u32> = named.iter().zip(0u32..).map(|((_, label), at)| (*label, at)).collect();
    let of: Vec<u32> = labels.iter().map(|label| number.get(label).copied().unwrap_or(NONE)).collect();
    let mut candidates: Vec<Candidate> = named.into_iter().map(|(candidate, _)| candidate).collect();
    add_replicas(facts, &of, &mut candidates);
    (candidates, of)
}

/// Tables that some code reads or writes.
fn used(facts: &Facts) -> BTreeSet<usize> {
    let in_units = facts.units.iter().flat_map(|unit| unit.writes.iter().chain(&unit.reads)).copied();
    facts.accesses.iter().map(|access| access.table).chain(in_units).collect()
}

fn add_replicas(facts: &Facts, of: &Labels, candidates: &mut [Candidate]) {
    let mut replicas = vec![BTreeSet::new(); candidates.len()];
    for access in facts.accesses.iter().filter(|access| access.reads > 0 && of[access.atom] != NONE) {
        let owner = of[facts.table_node(access.table)];
        if owner != NONE && owner != of[access.atom] {
            replicas[of[access.atom] as usize].insert(access.table);
        }
    }
    for (candidate, replicas) in candidates.iter_mut().zip(replicas) {
        candidate.replicas = replicas.into_iter().collect();
    }
}
