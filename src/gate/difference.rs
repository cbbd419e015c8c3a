//! What changed in the map between two trees: modules, dependencies, who is in a cycle, and findings.

use super::baseline::{Accepted, Baseline};
use super::compare::{Verdict, compare};
use super::older::{Carried, Moved, carry};
use crate::analyses::gated::{self, Fact, Finding, Scope, Watched};
use crate::graph::views::{Level, view};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// A dependency with its weight in both trees, in thousandths; 0 where there was none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ChangedEdge {
    /// The one that depends.
    pub from: String,
    /// The one it depends on.
    pub to: String,
    /// In the older tree.
    pub before: i64,
    /// In the newer one.
    pub after: i64,
}

/// Who is in a cycle, and by how many dependencies, in one tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tangled {
    /// Members of all cycles.
    pub members: BTreeSet<String>,
    /// Dependencies between members of the same cycle.
    pub edges: usize,
}

/// What changed. Names of the older tree are told as they are called in the newer one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Difference {
    /// Modules, or files, that were not there.
    pub added: BTreeSet<String>,
    /// Those that are gone.
    pub removed: BTreeSet<String>,
    /// Those that are called otherwise: before, after.
    pub renamed: BTreeSet<(String, String)>,
    /// Dependencies that were added, removed, or have another weight, by name.
    pub edges: Vec<ChangedEdge>,
    /// Cycles before.
    pub tangled_before: Tangled,
    /// Cycles after.
    pub tangled_after: Tangled,
    /// Findings that are new and those that are gone.
    pub verdict: Verdict,
}

/// One tree at one level and reading.
#[derive(Default)]
struct Side {
    nodes: BTreeSet<String>,
    edges: BTreeMap<(String, String), i64>,
    findings: Vec<Watched>,
    facts: Vec<Fact>,
}

impl Side {
    fn of(project: &Project, scope: &Scope) -> Self {
        let (level, reading) = (scope.levels[0], scope.readings[0]);
        let nodes = match level {
            Level::File => project.own_files().map(|file| project.base.path(file).to_owned()).collect(),
            Level::Module => project.own_files().map(|file| project.names.module(file).name.clone()).collect(),
        };
        let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, reading);
        let name = |node: u32| project.node_name(level, node).to_owned();
        let edges = graph.edges().iter().map(|edge| ((name(edge.from), name(edge.to)), edge.weight)).collect();
        Self { nodes, edges, findings: gated::findings(project, scope), facts: gated::facts(project, scope) }
    }

    /// Under the newer tree's names. Two old names may have become one.
    fn renamed(self, new_name: &impl Fn(&str) -> String) -> Self {
        let mut edges = BTreeMap::new();
        for ((from, to), weight) in self.edges {
            let (from, to) = (new_name(&from), new_name(&to));
            if from != to {
                *edges.entry((from, to)).or_insert(0) += weight;
            }
        }
        Self { nodes: self.nodes.iter().map(|name| new_name(name)).collect(), edges, ..self }
    }

    fn tangled(&self, new_name: &impl Fn(&str) -> String) -> Tangled {
        let cyclic: Vec<&Finding> = self.findings.iter().map(|it| &it.finding).filter(|finding| finding.kind == "cycle-edge").collect();
        Tangled {
            members: cyclic.iter().flat_map(|finding| [new_name(&finding.from), new_name(&finding.to)]).collect(),
            edges: cyclic.len(),
        }
    }

    fn as_baseline(&self) -> Baseline {
        let accepted = self.findings.iter().map(|watched| Accepted { finding: watched.finding.clone(), reason: None });
        Baseline { findings: accepted.collect(), facts: self.facts.iter().cloned().collect() }
    }
}

/// Compares two trees at the first level and reading of the scope; no older tree means that nothing was there.
#[must_use]
pub fn difference(old: Option<&Project>, new: &Project, moved: &Moved, scope: &Scope) -> Difference {
    let level = scope.levels[0].word();
    let carried = old.map_or_else(Carried::default, |old| carry(old, new, moved, scope));
    let new_name = |name: &str| carried.renames.get(&(level.to_owned(), name.to_owned())).cloned().unwrap_or_else(|| name.to_owned());
    let before = old.map_or_else(Side::default, |old| Side::of(old, scope));
    let after = Side::of(new, scope);
    let verdict = compare(&after.findings, &after.facts, &before.as_baseline(), &carried.renames, &carried.facts, &BTreeSet::new());
    let tangled_before = before.tangled(&new_name);
    let renamed = before.nodes.iter().map(|name| (name.clone(), new_name(name))).filter(|(before, after)| before != after).collect();
    let before = before.renamed(&new_name);
    Difference {
        added: after.nodes.difference(&before.nodes).cloned().collect(),
        removed: before.nodes.difference(&after.nodes).cloned().collect(),
        renamed,
        edges: changed(&before.edges, &after.edges),
        tangled_before,
        tangled_after: after.tangled(&str::to_owned),
        verdict,
    }
}

fn changed(before: &BTreeMap<(String, String), i64>, after: &BTreeMap<(String, String), i64>) -> Vec<ChangedEdge> {
    let keys: BTreeSet<&(String, String)> = before.keys().chain(after.keys()).collect();
    let weight = |side: &BTreeMap<_, i64>, key: &(String, String)| side.get(key).copied().unwrap_or(0);
    keys.into_iter()
        .map(|key| ChangedEdge { from: key.0.clone(), to: key.1.clone(), before: weight(before, key), after: weight(after, key) })
        .filter(|edge| edge.before != edge.after)
        .collect()
}
