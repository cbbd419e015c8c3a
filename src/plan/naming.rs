//! What candidates are called: people have to recognise them.
//!
//! After the module that keeps most of the tables; where code lies in folders by kind or is cut into functions, after the
//! table that the others are about, without the prefix that many tables share.

use super::division::Ground;
use super::facts::Facts;
use super::names::words;
use super::owners;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A first word that so many of a hundred tables share, and four at least, says nothing of one of them.
const PREFIX: usize = 25;
const PREFIXED: usize = 4;

/// Names for groups of nodes, each its own. Those that people gave come first, then the largest groups choose.
pub(super) fn named(ground: &Ground<'_>, groups: &[(Vec<usize>, Option<String>)]) -> Vec<String> {
    let naming = Naming::of(ground);
    let mut names = vec![String::new(); groups.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let tables = |nodes: &[usize]| nodes.iter().filter(|node| ground.facts.as_table(**node).is_some()).count();
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|at| (groups[*at].1.is_none(), Reverse(tables(&groups[*at].0)), *at));
    for at in order {
        let (nodes, decided) = &groups[at];
        let proposals = decided.clone().map_or_else(|| naming.proposals(nodes), |name| vec![name]);
        let free = proposals.iter().find(|name| !taken.contains(*name));
        let first = proposals.first().map_or("part", String::as_str);
        let name = free.cloned().or_else(|| (2..).map(|number| format!("{first}-{number}")).find(|name| !taken.contains(name)));
        names[at] = name.unwrap_or_default();
        taken.insert(names[at].clone());
    }
    names
}

struct Naming<'a> {
    ground: &'a Ground<'a>,
    facts: &'a Facts,
    /// The atom that keeps each table.
    keepers: Vec<Option<usize>>,
    /// First words of tables that say nothing.
    prefixes: BTreeSet<&'a str>,
}

impl<'a> Naming<'a> {
    fn of(ground: &'a Ground<'a>) -> Self {
        let facts = ground.facts;
        let keepers = owners::owners(facts).into_iter().map(|owner| owner.map(|owner| owner.atom)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for table in &facts.tables {
            if let Some((first, _)) = bare(&table.name).split_once('_') {
                *counts.entry(first).or_default() += 1;
            }
        }
        let says_nothing = |count: usize| count >= PREFIXED && count * 100 >= facts.tables.len() * PREFIX;
        let prefixes = counts.into_iter().filter(|(_, count)| says_nothing(*count)).map(|(first, _)| first).collect();
        Self { ground, facts, keepers, prefixes }
    }

    /// Names that fit, the best first.
    fn proposals(&self, nodes: &[usize]) -> Vec<String> {
        let all: Vec<usize> = nodes.iter().filter_map(|node| self.facts.as_table(*node)).collect();
        let own: Vec<usize> = all.iter().copied().filter(|table| !self.facts.tables[*table].is_ghost).collect();
        let tables = if own.is_empty() { all } else { own };
        let modules = self.modules(nodes, &tables);
        let (keeping, others): (Vec<_>, Vec<_>) = modules.into_iter().partition(|(_, kept)| *kept > 0 && kept * 2 >= tables.len());
        let heads = self.heads(&tables);
        let short = heads.iter().map(|table| self.short(*table).to_owned());
        let full = heads.iter().map(|table| self.facts.tables[*table].name.clone());
        let plain = |(module, _): (&str, usize)| module.to_owned();
        let whole = self
            .heaviest(nodes)
            .map(|node| self.facts.atoms.get(node).map_or(self.facts.name(node), |atom| atom.module.as_str()).to_owned());
        keeping.into_iter().map(plain).chain(short).chain(full).chain(others.into_iter().map(plain)).chain(whole).collect()
    }

    /// Modules with a plain name that are here as a whole, with how many of the tables they keep; most first.
    fn modules(&self, nodes: &[usize], tables: &[usize]) -> Vec<(&'a str, usize)> {
        let atoms = nodes.iter().filter_map(|node| self.facts.atoms.get(*node).map(|atom| (*node, atom)));
        let plain = atoms.filter(|(_, atom)| atom.path.is_none() && !atom.module.contains(['/', '.']));
        let kept = |node: usize| tables.iter().filter(|table| self.keepers[**table] == Some(node)).count();
        let mut found: Vec<(&str, usize, i64)> =
            plain.map(|(node, atom)| (atom.module.as_str(), kept(node), self.weight(node, nodes))).collect();
        found.sort_by_key(|(name, kept, weight)| (Reverse((*kept, *weight)), *name));
        found.into_iter().map(|(name, kept, _)| (name, kept)).collect()
    }

    /// Tables, those first that the others refer to and are named after.
    fn heads(&self, tables: &[usize]) -> Vec<usize> {
        let inside: BTreeSet<usize> = tables.iter().copied().collect();
        let referred = |table: usize| self.facts.keys.iter().filter(|key| key.to == table && inside.contains(&key.from)).count();
        let of: BTreeMap<usize, Vec<String>> = tables.iter().map(|table| (*table, words(self.short(*table)))).collect();
        let followed = |own: &[String]| of.values().filter(|other| other.len() > own.len() && other.starts_with(own)).count();
        let rank = |table: &usize| {
            let own = &of[table];
            (Reverse(referred(*table) * 2 + if own.is_empty() { 0 } else { followed(own) * 3 }), own.len(), *table)
        };
        let mut heads = tables.to_vec();
        heads.sort_by_cached_key(rank);
        heads
    }

    /// The name of a table without what many have in common.
    fn short(&self, table: usize) -> &'a str {
        let name = bare(&self.facts.tables[table].name);
        match name.split_once('_') {
            Some((first, rest)) if self.prefixes.contains(first) && !rest.is_empty() => rest,
            _ => name,
        }
    }

    fn heaviest(&self, nodes: &[usize]) -> Option<usize> {
        nodes.iter().copied().max_by_key(|node| (self.weight(*node, nodes), Reverse(*node)))
    }

    /// What binds a node to the others; `nodes` are rising.
    fn weight(&self, node: usize, nodes: &[usize]) -> i64 {
        let own = self.ground.network.neighbours(node).iter();
        own.filter(|(other, _)| nodes.binary_search(&(*other as usize)).is_ok()).map(|(_, weight)| weight).sum()
    }
}

/// A name without its schema.
fn bare(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
