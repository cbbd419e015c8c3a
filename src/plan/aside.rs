//! What is no part of any candidate, and why (PLAN.md B.1): libraries everybody uses, pages that only read, wiring.

use super::facts::{Facts, Role};
use std::collections::BTreeSet;

/// Why an atom is set aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Aside {
    /// Used by many, needs nothing of the application, keeps no data.
    Utility,
    /// Only reads, and from many tables.
    ReadModel,
    /// Starts and wires the rest.
    Shell,
}

impl Aside {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Utility => "utility",
            Self::ReadModel => "read_model",
            Self::Shell => "shell",
        }
    }

    /// Why, in a sentence.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Utility => "many use it, it needs nothing of the application and writes no table: a shared library",
            Self::ReadModel => "it only reads, and from several tables: it stays behind, or becomes reporting",
            Self::Shell => "it starts or wires the rest",
        }
    }
}

/// A library has at least this many modules that depend on it, and three of ten.
const DEPENDENTS: usize = 5;
/// A read model reads at least this many tables.
const TABLES_READ: usize = 3;

/// For every atom, why it is set aside. What people put into a service stays.
#[must_use]
pub fn set_aside(facts: &Facts) -> Vec<Option<Aside>> {
    let utilities = utilities(facts);
    let mut reads = vec![0usize; facts.atoms.len()];
    let mut writes = vec![0usize; facts.atoms.len()];
    for access in &facts.accesses {
        reads[access.atom] += usize::from(access.reads > 0);
        writes[access.atom] += usize::from(access.writes > 0);
    }
    let mut aside: Vec<Option<Aside>> = facts
        .atoms
        .iter()
        .enumerate()
        .map(|(at, atom)| match atom.role {
            Role::Shell => Some(Aside::Shell),
            _ if utilities[at] => Some(Aside::Utility),
            _ if atom.symbol.is_none() && writes[at] == 0 && reads[at] >= TABLES_READ => Some(Aside::ReadModel),
            _ => None,
        })
        .collect();
    for node in facts.wishes.services.iter().flat_map(|service| &service.nodes) {
        if let Some(slot) = aside.get_mut(*node) {
            *slot = None;
        }
    }
    aside
}

/// The largest set of atoms that many depend on, that write no table, answer no address and need nothing outside of the set.
fn utilities(facts: &Facts) -> Vec<bool> {
    let modules: BTreeSet<&str> = facts.atoms.iter().map(|atom| atom.module.as_str()).collect();
    let mut dependents: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); facts.atoms.len()];
    for row in &facts.dependencies {
        dependents[row.to].insert(&facts.atoms[row.from].module);
    }
    let many = DEPENDENTS.max((modules.len() * 3).div_ceil(10));
    let mut chosen: Vec<bool> = facts
        .atoms
        .iter()
        .zip(&dependents)
        .map(|(atom, dependents)| atom.role == Role::Shared || (dependents.len() >= many && atom.route_prefixes.is_empty()))
        .collect();
    for access in facts.accesses.iter().filter(|access| access.writes > 0) {
        chosen[access.atom] = false;
    }
    let mut needs = vec![Vec::new(); facts.atoms.len()];
    for dependency in &facts.dependencies {
        needs[dependency.to].push(dependency.from);
    }
    let mut falling: Vec<usize> = (0..facts.atoms.len()).filter(|atom| !chosen[*atom]).collect();
    while let Some(atom) = falling.pop() {
        for user in &needs[atom] {
            if chosen[*user] && facts.atoms[*user].role != Role::Shared {
                chosen[*user] = false;
                falling.push(*user);
            }
        }
    }
    chosen
}
