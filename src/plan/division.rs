//! From groups at one resolution to candidates: repaired, refined, small ones joined, merged back (PLAN.md B.5, B.6).

use super::aside::Aside;
use super::bundles::Bundles;
use super::costs::{Costs, Labels, NONE};
use super::facts::Facts;
use super::louvain::{Groups, cluster};
use super::merging::Merging;
use super::network::Network;
use std::collections::{BTreeMap, BTreeSet};

/// A candidate with a larger share of the tables is looked into, in percent; one of few tables is small whatever its share.
const COARSE_TABLES: usize = 25;
const SOME_TABLES: usize = 8;
/// A candidate with a larger share of the lines is looked into, in percent; one of few lines is small whatever its share.
const COARSE_LINES: u64 = 30;
const SOME_LINES: u64 = 20_000;
/// How much finer a part is looked at, in percent.
const FINER: i64 = 140;
/// How often a part is looked into.
const LOOKS: usize = 4;

/// Everything that makes divisions: facts, what binds them, what stays together.
pub struct Ground<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// Why atoms are set aside.
    pub aside: &'a [Option<Aside>],
    /// Nodes and what binds them.
    pub network: &'a Network,
    /// What stays together.
    pub bundles: &'a Bundles,
    /// Bundles and what binds them.
    pub bundled: &'a Network,
}

/// What a group holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Size {
    /// Tables.
    pub tables: usize,
    /// Lines of its atoms.
    pub lines: u64,
    /// Routes its atoms answer.
    pub routes: usize,
    /// People decided on it.
    pub decided: bool,
}

impl Ground<'_> {
    /// Groups at a resolution, each connected; the label of every node.
    #[must_use]
    pub fn groups(&self, resolution: i64) -> Vec<u32> {
        let groups = cluster(self.bundled, resolution, &self.bundles.apart);
        self.spread(&connected(self.bundled, &groups.of, &self.bundles.decided))
    }

    /// Labels of bundles as labels of nodes; what is set aside or tied to nothing is in no group.
    fn spread(&self, of_bundle: &[u32]) -> Vec<u32> {
        let labels = self.bundles.groups.of.iter().map(|bundle| of_bundle[*bundle as usize]);
        let mut labels: Vec<u32> = labels.collect();
        for (node, label) in labels.iter_mut().enumerate() {
            let bundle = self.bundles.groups.of[node] as usize;
            let kept = self.aside.get(node).is_none_or(Option::is_none);
            let alone = self.bundled.degree(bundle) == 0 && self.bundles.decided[bundle].is_none();
            if !kept || alone {
                *label = NONE;
            }
        }
        labels
    }

    /// Candidates made of groups: large ones split where that costs little, small ones joined, close ones merged.
    #[must_use]
    pub fn candidates(&self, groups: &Labels, resolution: i64) -> Vec<u32> {
        let mut labels = renumbered(groups);
        self.split_coarse(&mut labels, resolution);
        let mut merging = Merging::new(self, &renumbered(&labels));
        merging.join_small();
        merging.merge_back();
        renumbered(&merging.labels())
    }

    /// Looks into candidates that hold much of the application; a split stays when it costs at most one more handover
    /// within units per part.
    fn split_coarse(&self, labels: &mut Vec<u32>, resolution: i64) {
        let mut finer = resolution;
        for _ in 0..LOOKS {
            finer = finer * FINER / 100;
            let coarse: Vec<u32> = self.sizes(labels).iter().filter(|(_, size)| self.is_coarse(size)).map(|(label, _)| *label).collect();
            for label in coarse {
                self.split(labels, label, finer);
            }
        }
    }

    fn split(&self, labels: &mut Vec<u32>, label: u32, resolution: i64) {
        let inside: BTreeSet<u32> =
            (0..labels.len()).filter(|node| labels[*node] == label).map(|node| self.bundles.groups.of[node]).collect();
        let inside: Vec<u32> = inside.into_iter().collect();
        let part = self.bundled.part(&inside);
        let place = |bundle: u32| inside.binary_search(&bundle).ok().map(|at| at as u32);
        let apart: Vec<(u32, u32)> = self.bundles.apart.iter().filter_map(|(a, b)| Some((place(*a)?, place(*b)?))).collect();
        let decided: Vec<Option<u32>> = inside.iter().map(|bundle| self.bundles.decided[*bundle as usize]).collect();
        let groups = cluster(&part, resolution, &apart);
        let groups = Groups::numbered(&connected(&part, &groups.of, &decided));
        if groups.count < 2 {
            return;
        }
        let first = labels.iter().filter(|label| **label != NONE).max().map_or(0, |most| most + 1);
        let mut split = labels.clone();
        for (node, slot) in split.iter_mut().enumerate().filter(|(_, slot)| **slot == label) {
            let at = place(self.bundles.groups.of[node]).expect("its bundle is inside");
            *slot = first + groups.of[at as usize];
            debug_assert_eq!(labels[node], label);
        }
        if Costs::of(self.facts, &split).handovers <= Costs::of(self.facts, labels).handovers + groups.count {
            *labels = split;
        }
    }

    fn is_coarse(&self, size: &Size) -> bool {
        let lines: u64 = self.facts.atoms.iter().map(|atom| u64::from(atom.lines)).sum();
        let of_tables = size.tables >= SOME_TABLES && size.tables * 100 > self.facts.tables.len() * COARSE_TABLES;
        let of_lines = size.lines >= SOME_LINES && size.lines * 100 > lines * COARSE_LINES;
        of_tables || of_lines
    }

    /// What every group holds.
    pub(super) fn sizes(&self, labels: &Labels) -> BTreeMap<u32, Size> {
        let mut sizes: BTreeMap<u32, Size> = BTreeMap::new();
        for (node, label) in labels.iter().enumerate().filter(|(_, label)| **label != NONE) {
            let size = sizes.entry(*label).or_default();
            size.decided |= self.bundles.decided[self.bundles.groups.of[node] as usize].is_some();
            match self.facts.as_table(node) {
                Some(table) => size.tables += usize::from(!self.facts.tables[table].is_ghost),
                None => {
                    size.lines += u64::from(self.facts.atoms[node].lines);
                    size.routes += self.facts.atoms[node].route_prefixes.len();
                }
            }
        }
        sizes
    }
}

/// Splits groups whose members do not hang together (PLAN.md B.6); what people decided stays as it is.
fn connected(network: &Network, labels: &[u32], decided: &[Option<u32>]) -> Vec<u32> {
    let kept: BTreeSet<u32> = labels.iter().zip(decided).filter(|(_, decided)| decided.is_some()).map(|(label, _)| *label).collect();
    let mut component = vec![NONE; network.nodes()];
    for start in 0..network.nodes() {
        if component[start] != NONE {
            continue;
        }
        component[start] = start as u32;
        let mut waiting = vec![start];
        while let Some(node) = waiting.pop() {
            for (other, _) in network.neighbours(node) {
                let other = *other as usize;
                if component[other] == NONE && labels[other] == labels[node] {
                    component[other] = start as u32;
                    waiting.push(other);
                }
            }
        }
    }
    let names = labels.iter().zip(&component);
    let whole: BTreeMap<u32, u32> =
        names.clone().filter(|(label, _)| kept.contains(label)).map(|(label, part)| (*label, *part)).rev().collect();
    names.map(|(label, part)| whole.get(label).copied().unwrap_or(*part)).collect()
}

/// Labels counted from 0 by their first member.
#[must_use]
pub fn renumbered(labels: &Labels) -> Vec<u32> {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let mut next = 0;
    let mut number = |label: u32| {
        *numbers.entry(label).or_insert_with(|| {
            next += 1;
            next - 1
        })
    };
    labels.iter().map(|label| if *label == NONE { NONE } else { number(*label) }).collect()
}
