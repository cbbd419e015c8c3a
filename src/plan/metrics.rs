//! The published measures of a decomposition (PLAN.md D.1), over the dependencies between atoms that are in a candidate.

use super::costs::{Labels, NONE};
use super::facts::Facts;
use libm::{log, log2};
use std::collections::{BTreeMap, BTreeSet};

/// Above this many atoms reach is not worked out: it costs atoms times dependencies.
const MOST_ATOMS: usize = 5000;

/// Figures of a division.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Metrics {
    /// How many candidates there are.
    pub k: usize,
    /// Structural modularity: cohesion less coupling; higher is better. (Jin et al., "Service candidate identification from
    /// monolithic systems", 2021.)
    pub sm: f64,
    /// Share of calls between candidates, by 1 + ln(count); lower is better. (Kalia et al., "Mono2Micro", 2021.)
    pub icp: f64,
    /// Linked pairs of atoms across candidates, per candidate; lower is better.
    pub ifn: f64,
    /// Share of atoms in candidates of fewer than 2 or more than 20 atoms; lower is better.
    pub ned: f64,
    /// Mean entropy of the route prefixes of a candidate, where routes are known; lower is better.
    pub bcp: Option<f64>,
    /// 1 less the mean entropy of the candidates that use a table, by the entropy of K; higher is better. (After "table
    /// entropy" of Nitin et al., "CARGO", 2022.)
    pub dtp: f64,
    /// The mean entropy itself.
    pub table_entropy: f64,
    /// Reach of all atoms (Lakos's cumulative component dependency) today and after the cheapest cuts.
    pub reach: Option<(Reach, Reach)>,
    /// Gini coefficient of the number of nodes per candidate: 0 all alike, towards 1 one holds all.
    pub gini: f64,
    /// Mean margin of nodes, between 0 and 1.
    pub mean_margin: f64,
    /// How much of the plan stays when evidence is missing, between 0 and 1.
    pub stability: Option<f64>,
    /// Share of names in code that were followed to a file or table.
    pub coverage: f64,
}

/// How far dependencies reach.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Reach {
    /// For all atoms together, how many atoms each can reach, itself included.
    pub ccd: usize,
    /// That, by the same for a balanced binary tree; above 2 the graph is likely to have cycles.
    pub nccd: f64,
    /// That, by the square of the number of atoms.
    pub propagation: f64,
}

/// Works everything out but the mean margin and stability, which others know.
#[must_use]
pub fn metrics(facts: &Facts, labels: &Labels, k: usize) -> Metrics {
    let placed: Vec<usize> = (0..facts.atoms.len()).filter(|atom| labels[*atom] != NONE).collect();
    let mut atoms_in = vec![0usize; k];
    placed.iter().for_each(|atom| atoms_in[labels[*atom] as usize] += 1);
    let linked: BTreeSet<(usize, usize)> = facts
        .dependencies
        .iter()
        .filter(|row| labels[row.from] != NONE && labels[row.to] != NONE)
        .map(|row| (row.from.min(row.to), row.from.max(row.to)))
        .collect();
    let across = linked.iter().filter(|(a, b)| labels[*a] != labels[*b]).count();
    let table_entropy = table_entropy(facts, labels);
    let resolved: u64 = facts.atoms.iter().map(|atom| u64::from(atom.resolved)).sum();
    let unresolved: u64 = facts.atoms.iter().map(|atom| u64::from(atom.unresolved)).sum();
    Metrics {
        k,
        sm: structural_modularity(labels, &linked, &atoms_in),
        icp: inter_call_percentage(facts, labels),
        ifn: share(across as f64, k as f64),
        ned: share(placed.iter().filter(|atom| !(2..=20).contains(&atoms_in[labels[**atom] as usize])).count() as f64, placed.len() as f64),
        bcp: context_purity(facts, labels, k),
        dtp: if k > 1 { 1.0 - table_entropy / log(k as f64) } else { 1.0 },
        table_entropy,
        reach: (facts.atoms.len() <= MOST_ATOMS).then(|| (reach(facts, &[]), reach(facts, &facts.cheapest_cuts))),
        gini: gini(labels, k),
        mean_margin: 0.0,
        stability: None,
        coverage: if resolved + unresolved == 0 { 1.0 } else { share(resolved as f64, (resolved + unresolved) as f64) },
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

fn structural_modularity(labels: &Labels, linked: &BTreeSet<(usize, usize)>, atoms_in: &[usize]) -> f64 {
    let k = atoms_in.len();
    let mut inside = vec![0.0; k];
    let mut between: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (a, b) in linked {
        let (a, b) = (labels[*a], labels[*b]);
        if a == b {
            inside[a as usize] += 1.0;
        } else {
            *between.entry((a.min(b), a.max(b))).or_default() += 1.0;
        }
    }
    let size = |at: usize| atoms_in[at] as f64;
    let cohesion: f64 = (0..k).filter(|at| atoms_in[*at] > 0).map(|at| inside[at] / (size(at) * size(at))).sum();
    let coupling: f64 = between.iter().map(|((a, b), links)| links / (2.0 * size(*a as usize) * size(*b as usize))).sum();
    let pairs = k * k.saturating_sub(1) / 2;
    share(cohesion, k as f64) - share(coupling, pairs as f64)
}

fn inter_call_percentage(facts: &Facts, labels: &Labels) -> f64 {
    let placed = facts.dependencies.iter().filter(|row| labels[row.from] != NONE && labels[row.to] != NONE);
    let (mut all, mut across) = (0.0, 0.0);
    for row in placed {
        let weight = 1.0 + log(f64::from(row.count.max(1)));
        all += weight;
        across += if labels[row.from] == labels[row.to] { 0.0 } else { weight };
    }
    share(across, all)
}

fn entropy(counts: &BTreeMap<impl Ord, usize>) -> f64 {
    let all: usize = counts.values().sum();
    let part = |count: &usize| *count as f64 / all as f64;
    -counts.values().map(|count| part(count) * log(part(count))).sum::<f64>() + 0.0
}

fn table_entropy(facts: &Facts, labels: &Labels) -> f64 {
    let mut users: Vec<BTreeMap<u32, usize>> = vec![BTreeMap::new(); facts.tables.len()];
    for access in facts.accesses.iter().filter(|access| labels[access.atom] != NONE) {
        *users[access.table].entry(labels[access.atom]).or_default() += 1;
    }
    share(users.iter().map(entropy).sum(), users.len() as f64)
}

fn context_purity(facts: &Facts, labels: &Labels, k: usize) -> Option<f64> {
    let mut contexts: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); k];
    for (at, atom) in facts.atoms.iter().enumerate().filter(|(at, _)| labels[*at] != NONE) {
        for prefix in &atom.route_prefixes {
            *contexts[labels[at] as usize].entry(prefix).or_default() += 1;
        }
    }
    let known = contexts.iter().any(|contexts| !contexts.is_empty());
    known.then(|| share(contexts.iter().map(entropy).sum(), k as f64))
}

fn reach(facts: &Facts, cut: &[(usize, usize)]) -> Reach {
    let n = facts.atoms.len();
    let mut needs = vec![Vec::new(); n];
    for row in facts.dependencies.iter().filter(|row| cut.binary_search(&(row.from, row.to)).is_err()) {
        needs[row.from].push(row.to);
    }
    let mut met = vec![usize::MAX; n];
    let mut ccd = 0;
    for start in 0..n {
        met[start] = start;
        let mut waiting = vec![start];
        while let Some(atom) = waiting.pop() {
            ccd += 1;
            for next in &needs[atom] {
                if met[*next] != start {
                    met[*next] = start;
                    waiting.push(*next);
                }
            }
        }
    }
    let size = n as f64;
    let balanced = (size + 1.0) * log2(size + 1.0) - size;
    Reach { ccd, nccd: share(ccd as f64, balanced), propagation: share(ccd as f64, size * size) }
}

fn gini(labels: &Labels, k: usize) -> f64 {
    let mut sizes = vec![0usize; k];
    labels.iter().filter(|label| **label != NONE).for_each(|label| sizes[*label as usize] += 1);
    sizes.sort_unstable();
    let all: usize = sizes.iter().sum();
    let ranked: f64 = (1..).zip(&sizes).map(|(rank, size)| (2 * rank) as f64 * *size as f64).sum();
    share(ranked, (k * all) as f64) - share((k + 1) as f64, k as f64)
}

/// The adjusted Rand index of two divisions of the same things: 1 alike, 0 no better than chance. (Hubert and Arabie, 1985.)
#[must_use]
pub fn adjusted_rand_index(one: &Labels, other: &Labels) -> f64 {
    let mut cells: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    let (mut rows, mut columns): (BTreeMap<u32, u64>, BTreeMap<u32, u64>) = Default::default();
    for (a, b) in one.iter().zip(other) {
        *cells.entry((*a, *b)).or_default() += 1;
        *rows.entry(*a).or_default() += 1;
        *columns.entry(*b).or_default() += 1;
    }
    let pairs = |count: &u64| (count * count.saturating_sub(1) / 2) as f64;
    let both: f64 = cells.values().map(pairs).sum();
    let (of_rows, of_columns): (f64, f64) = (rows.values().map(pairs).sum(), columns.values().map(pairs).sum());
    let all = pairs(&(one.len() as u64));
    let expected = share(of_rows * of_columns, all);
    let most = (of_rows + of_columns) / 2.0;
    if most == expected { 1.0 } else { (both - expected) / (most - expected) }
}
