//! Putting groups together: those too small to stand alone, and those that share so much that a split would not last
//! (PLAN.md B.5). A published migration put three of its services back for the second reason.

use super::costs::{Labels, NONE, cross_written, distributed_units};
use super::division::{Ground, Size};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A candidate of fewer lines joins another; in a small application it is a hundredth of all lines.
const FEW_LINES: u64 = 500;
/// A candidate with a larger share of the tables makes the plan worthless, in percent.
pub const MOST_TABLES: usize = 60;
/// Code without tables can be a service where it answers a tenth of all addresses and is a quarter of all lines at most.
const SERVED: usize = 10;
const SERVING: u64 = 4;
/// Candidates that share this much, in thousandths, are merged.
pub const MERGED: i64 = 500;
/// Candidates that share this much, in thousandths, might as well be.
pub const PROPOSED: i64 = 350;

/// How much two groups share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bond {
    /// Weight between them by the smaller one's whole weight, in thousandths.
    pub rho: i64,
    /// The smaller label.
    pub a: u32,
    /// The larger one.
    pub b: u32,
}

/// Groups while they are put together.
pub struct Merging {
    /// The group of every node at the start.
    start: Vec<u32>,
    /// Where each group went.
    into: Vec<u32>,
    sizes: Vec<Size>,
    /// Weight inside of each group, every edge once.
    inside: Vec<i64>,
    /// Weight towards other groups.
    between: Vec<BTreeMap<u32, i64>>,
    /// Groups it must not meet.
    foes: Vec<BTreeSet<u32>>,
    /// Groups it shares a unit with, or a table both write.
    partners: Vec<BTreeSet<u32>>,
    few_lines: u64,
    all_lines: u64,
    all_tables: usize,
    all_routes: usize,
}

impl Merging {
    /// Groups numbered from 0 without gaps.
    #[must_use]
    pub fn new(ground: &Ground<'_>, labels: &Labels) -> Self {
        let count = labels.iter().filter(|label| **label != NONE).max().map_or(0, |most| *most as usize + 1);
        let mut inside = vec![0; count];
        let mut between = vec![BTreeMap::new(); count];
        for (a, b, weight) in ground.network.edges() {
            let (a, b) = (labels[a as usize], labels[b as usize]);
            if a == NONE || b == NONE {
                continue;
            }
            if a == b {
                inside[a as usize] += weight;
            } else {
                *between[a as usize].entry(b).or_default() += weight;
                *between[b as usize].entry(a).or_default() += weight;
            }
        }
        let mut of_bundle = vec![NONE; ground.bundles.groups.count];
        for (bundle, label) in ground.bundles.groups.of.iter().zip(labels) {
            of_bundle[*bundle as usize] = *label;
        }
        let mut foes = vec![BTreeSet::new(); count];
        for (a, b) in &ground.bundles.apart {
            let (a, b) = (of_bundle[*a as usize], of_bundle[*b as usize]);
            if a != NONE && b != NONE {
                foes[a as usize].insert(b);
                foes[b as usize].insert(a);
            }
        }
        let lines: u64 = ground.facts.atoms.iter().map(|atom| u64::from(atom.lines)).sum();
        Self {
            start: labels.to_vec(),
            into: (0..count as u32).collect(),
            sizes: ground.sizes(labels).into_values().collect(),
            inside,
            between,
            foes,
            partners: partners(ground, labels, count),
            few_lines: FEW_LINES.min(lines / 100),
            all_lines: lines,
            all_tables: ground.facts.tables.len(),
            all_routes: ground.facts.routes.len(),
        }
    }

    /// The group of every node as things stand; a group without anything a service could live of is none.
    #[must_use]
    pub fn labels(&self) -> Vec<u32> {
        let follow = |label: u32| {
            let mut at = label;
            while at != NONE && self.into[at as usize] != at {
                at = self.into[at as usize];
            }
            if self.sizes.get(at as usize).is_some_and(|size| self.is_bare(size)) { NONE } else { at }
        };
        self.start.iter().map(|label| follow(*label)).collect()
    }

    /// True for groups without tables and anybody's decision, unless they answer a good part of all addresses and are not
    /// what holds everything together.
    fn is_bare(&self, size: &Size) -> bool {
        let serves = size.routes > 0
            && (self.all_tables == 0 || (size.routes * SERVED >= self.all_routes && size.lines * SERVING <= self.all_lines));
        size.tables == 0 && !size.decided && !serves
    }

    fn groups(&self) -> impl Iterator<Item = u32> {
        (0u32..).zip(&self.into).filter(|(label, into)| label == *into).map(|(label, _)| label)
    }

    /// Puts `gone` into `kept`.
    fn merge(&mut self, kept: u32, gone: u32) {
        let (k, g) = (kept as usize, gone as usize);
        self.into[g] = kept;
        self.inside[k] += self.inside[g];
        for (other, weight) in std::mem::take(&mut self.between[g]) {
            if other == kept {
                self.inside[k] += weight;
            } else {
                *self.between[k].entry(other).or_default() += weight;
                *self.between[other as usize].entry(kept).or_default() += weight;
                self.between[other as usize].remove(&gone);
            }
        }
        self.between[k].remove(&gone);
        for foe in std::mem::take(&mut self.foes[g]) {
            self.foes[foe as usize].insert(kept);
            self.foes[k].insert(foe);
        }
        for partner in std::mem::take(&mut self.partners[g]) {
            self.partners[partner as usize].insert(kept);
            self.partners[k].insert(partner);
        }
        let gone = self.sizes[g];
        let size = &mut self.sizes[k];
        size.tables += gone.tables;
        size.lines += gone.lines;
        size.routes += gone.routes;
        size.decided |= gone.decided;
    }

    /// Joins what is too small to stand alone to the neighbour it is tied to most, the smallest first.
    pub fn join_small(&mut self) {
        let mut left: BTreeSet<(u64, u32)> = self.groups().map(|label| (self.sizes[label as usize].lines, label)).collect();
        while let Some((lines, label)) = left.pop_first() {
            let size = self.sizes[label as usize];
            let bare = self.is_bare(&size);
            let small = bare || size.lines < self.few_lines;
            if self.into[label as usize] != label || size.lines != lines || size.decided || !small {
                continue;
            }
            let around: i64 = self.between[label as usize].values().sum();
            // Code without tables that leans on several candidates is nobody's: it stays behind.
            let clear = |weight: i64| !bare || weight * 2 >= around;
            let takes = |other: u32| if lines == 0 { self.may_join(other, label) } else { self.may_take(other, label) };
            let allowed = self.between[label as usize].iter().filter(|(other, weight)| takes(**other) && clear(**weight));
            if let Some((other, _)) = allowed.max_by_key(|(other, weight)| (**weight, Reverse(**other))) {
                let other = *other;
                self.merge(other, label);
                left.insert((self.sizes[other as usize].lines, other));
            }
        }
    }

    fn may_take(&self, one: u32, other: u32) -> bool {
        !self.sizes[one as usize].decided && self.may_join(one, other)
    }

    /// What people decided on takes tables that are left without code: nobody else has a use for them.
    fn may_join(&self, one: u32, other: u32) -> bool {
        !self.sizes[other as usize].decided && !self.foes[one as usize].contains(&other)
    }

    /// Merges the pair that shares most as long as any shares enough and has a unit or written table in common, which the
    /// merge saves. Services that people decided on are left to them, and no merge makes a candidate that holds most of the
    /// tables.
    pub fn merge_back(&mut self) {
        loop {
            let best = self.bonds().into_iter().find(|bond| {
                let tables = self.sizes[bond.a as usize].tables + self.sizes[bond.b as usize].tables;
                let saves = self.partners[bond.a as usize].contains(&bond.b);
                bond.rho >= MERGED && saves && tables * 100 <= self.all_tables * MOST_TABLES && self.may_take(bond.a, bond.b)
            });
            let Some(bond) = best else { return };
            self.merge(bond.a, bond.b);
        }
    }

    /// How much groups share, most first.
    #[must_use]
    pub fn bonds(&self) -> Vec<Bond> {
        let volume = |label: u32| self.inside[label as usize] + self.between[label as usize].values().sum::<i64>();
        let volumes: BTreeMap<u32, i64> = self.groups().map(|label| (label, volume(label))).collect();
        let pairs = self.groups().flat_map(|a| self.between[a as usize].range(a + 1..).map(move |(b, weight)| (a, *b, *weight)));
        let mut bonds: Vec<Bond> = pairs.map(|(a, b, weight)| Bond { rho: rounded(weight, volumes[&a].min(volumes[&b])), a, b }).collect();
        bonds.sort_by_key(|bond| (Reverse(bond.rho), bond.a, bond.b));
        bonds
    }
}

/// For every group, those it shares a unit or a written table with.
fn partners(ground: &Ground<'_>, labels: &Labels, count: usize) -> Vec<BTreeSet<u32>> {
    let mut partners = vec![BTreeSet::new(); count];
    let spanning = distributed_units(ground.facts, labels).into_iter().chain(cross_written(ground.facts, labels));
    for row in spanning {
        for a in &row.groups {
            partners[*a as usize].extend(row.groups.iter().filter(|b| *b != a));
        }
    }
    partners
}

/// A share of a whole in thousandths, rounded; 0 of nothing.
fn rounded(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 1000 + whole / 2) / whole }
}
