//! What stays together before anything is clustered (PLAN.md B.2), and what must not meet.

use super::aside::Aside;
use super::facts::Facts;
use super::louvain::Groups;
use super::owners::{Owner, SURE};
use std::collections::BTreeSet;

/// Nodes that move as one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundles {
    /// The bundle of every node.
    pub groups: Groups,
    /// Pairs of bundles that must not meet.
    pub apart: Vec<(u32, u32)>,
    /// For every bundle the service it was put into by people, as an index into their list.
    pub decided: Vec<Option<u32>>,
}

/// Puts together what people decided, what they want together, the tables that are one by what they mean, and every table
/// with its owner where that is sure. What is to be apart wins over all but the first of these.
#[must_use]
pub fn bundles(facts: &Facts, aside: &[Option<Aside>], owners: &[Option<Owner>]) -> Bundles {
    let mut union = Union { parent: (0..facts.nodes() as u32).collect() };
    let mut apart: Vec<(usize, usize)> = facts.wishes.apart.clone();
    let services = &facts.wishes.services;
    for (at, service) in services.iter().enumerate() {
        let Some(first) = service.nodes.first() else { continue };
        apart.extend(services[at + 1..].iter().filter_map(|other| Some((*first, *other.nodes.first()?))));
        service.nodes.iter().for_each(|node| union.join(*first, *node));
    }
    for group in &facts.wishes.same {
        group.iter().skip(1).for_each(|node| union.join_unless(group[0], *node, &apart));
    }
    for family in &facts.families {
        family.iter().skip(1).for_each(|table| union.join_unless(facts.table_node(family[0]), facts.table_node(*table), &apart));
    }
    for (table, owner) in owners.iter().enumerate() {
        if let Some(owner) = owner.filter(|owner| owner.confidence >= SURE && aside[owner.atom].is_none()) {
            union.join_unless(facts.table_node(table), owner.atom, &apart);
        }
    }
    for (table, parent) in followers(facts) {
        union.join_unless(facts.table_node(parent), facts.table_node(table), &apart);
    }
    let labels: Vec<u32> = (0..facts.nodes()).map(|node| union.root(node)).collect();
    let groups = Groups::numbered(&labels);
    let mut decided = vec![None; groups.count];
    for (at, service) in (0u32..).zip(services) {
        for node in &service.nodes {
            decided[groups.of[*node] as usize] = Some(at);
        }
    }
    let mut apart: Vec<(u32, u32)> = apart.iter().map(|(a, b)| (groups.of[*a], groups.of[*b])).filter(|(a, b)| a != b).collect();
    apart.sort_unstable();
    apart.dedup();
    Bundles { groups, apart, decided }
}

/// Tables that no code uses by their name and that refer to just one other: rows of these are written with those of the
/// other, by whatever saves the whole.
fn followers(facts: &Facts) -> Vec<(usize, usize)> {
    let used = facts.accessors();
    let mut parents = vec![BTreeSet::new(); facts.tables.len()];
    for key in &facts.keys {
        parents[key.from].insert(key.to);
    }
    let alone = parents.iter().enumerate().filter(|(table, parents)| used[*table].is_empty() && parents.len() == 1);
    alone.filter_map(|(table, parents)| Some((table, *parents.first()?))).collect()
}

/// Sets that are joined step by step; the smallest member stands for its set.
struct Union {
    parent: Vec<u32>,
}

impl Union {
    fn root(&mut self, node: usize) -> u32 {
        let mut at = node as u32;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    fn join_unless(&mut self, a: usize, b: usize, apart: &[(usize, usize)]) {
        let (one, other) = (self.root(a), self.root(b));
        let foes = apart.iter().any(|(x, y)| {
            let (x, y) = (self.root(*x), self.root(*y));
            (x, y) == (one, other) || (y, x) == (one, other)
        });
        if !foes {
            self.join(a, b);
        }
    }
}
