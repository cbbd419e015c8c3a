//! Cycles of the project: components with ids, cuts with advice.

use super::advice::{Question, answer};
use super::feedback_arc_set::Solver;
use super::symbols::Symbols;
use super::witness::Paths;
use super::{Component, find_with};
use crate::analyses::finding::{CutEdge, Cycle};
use crate::analyses::gated::fingerprint;
use crate::base::{FileId, Tag};
use crate::bind::Reference;
use crate::graph::views::{Level, Reading, view};
use crate::graph::weighted::WeightedGraph;
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Every cycle at both levels in all three readings, worst first within each.
#[must_use]
pub fn cycles(project: &Project) -> Vec<Cycle> {
    let mut symbols = Symbols::new(project);
    let mut solver = Solver::default();
    let mut all = Vec::new();
    for level in Level::ALL {
        for reading in Reading::ALL {
            let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, reading);
            let mut found: Vec<Cycle> = find_with(&graph, &mut solver)
                .into_iter()
                .map(|component| named(project, &mut symbols, &graph, level, reading, component))
                .collect();
            found.sort_by(|a, b| (b.members.len(), b.edges, &a.members).cmp(&(a.members.len(), a.edges, &b.members)));
            all.extend(found);
        }
    }
    all
}

fn named(
    project: &Project,
    symbols: &mut Symbols<'_>,
    graph: &WeightedGraph,
    level: Level,
    reading: Reading,
    component: Component,
) -> Cycle {
    let members = Members::new(project, level, &component.members);
    let mut paths = Paths::new(graph);
    let mut edges: Vec<(u32, u32, i64)> =
        component.cut.edges.iter().map(|(from, to)| (*from, *to, graph.edge(*from, *to).map_or(0, |edge| edge.weight))).collect();
    edges.sort_by_key(|(from, to, weight)| (*weight, *from, *to));
    let mut cut = Vec::new();
    for (from, to, weight) in edges {
        let answer = members.advise(symbols, reading, from, to);
        let way_back = paths.shortest(to, from).unwrap_or_default();
        cut.push(CutEdge {
            from,
            to,
            weight,
            advice: answer.advice,
            because: answer.because,
            lines_to_move: answer.lines_to_move,
            way_back,
        });
    }
    Cycle {
        id: id(project, level, reading, &component.members),
        level,
        reading,
        edges: component.internal_edges,
        shortest: component.shortest_cycle,
        cut,
        cut_weight: component.cut.weight,
        proven: component.cut.proven,
        lower_bound: component.cut.lower_bound,
        members: component.members,
    }
}

/// The members of a component and the files they consist of.
pub(super) struct Members<'a> {
    project: &'a Project,
    level: Level,
    /// Files of each member.
    by_node: BTreeMap<u32, BTreeSet<FileId>>,
    /// Files of all members.
    files: BTreeSet<FileId>,
}

impl<'a> Members<'a> {
    pub(super) fn new(project: &'a Project, level: Level, nodes: &[u32]) -> Self {
        let mut by_node: BTreeMap<u32, BTreeSet<FileId>> = nodes.iter().map(|node| (*node, BTreeSet::new())).collect();
        for file in project.own_files() {
            let node = match level {
                Level::File => file.0,
                Level::Module if project.base.file(file).tags.contains(Tag::Migration) => continue,
                Level::Module => project.names.module_of[file.index()].0,
            };
            if let Some(files) = by_node.get_mut(&node) {
                files.insert(file);
            }
        }
        let files = by_node.values().flatten().copied().collect();
        Self { project, level, by_node, files }
    }

    /// The files of all members.
    pub(super) fn files(&self) -> &BTreeSet<FileId> {
        &self.files
    }

    /// The files of a member.
    pub(super) fn of(&self, node: u32) -> &BTreeSet<FileId> {
        static NONE: BTreeSet<FileId> = BTreeSet::new();
        self.by_node.get(&node).unwrap_or(&NONE)
    }

    /// The references behind an edge.
    pub(super) fn sites(&self, reading: Reading, from: u32, to: u32) -> Vec<&'a Reference> {
        let Project { graph, resolution, .. } = self.project;
        let all: Vec<&Reference> = match self.level {
            Level::File => graph
                .file_edge(FileId(from), FileId(to))
                .map_or_else(Vec::new, |edge| resolution.references[edge.sites.clone()].iter().collect()),
            Level::Module => {
                graph.module_edge(ModuleId(from), ModuleId(to)).map_or_else(Vec::new, |edge| graph.sites_of(resolution, edge).collect())
            }
        };
        all.into_iter().filter(|site| reading.counts(site)).collect()
    }

    fn advise(&self, symbols: &mut Symbols<'_>, reading: Reading, from: u32, to: u32) -> super::advice::Answer {
        let question = Question {
            from: self.of(from),
            to: self.of(to),
            component: &self.files,
            sites: &self.sites(reading, from, to),
            back: &self.sites(reading, to, from),
            names: (self.project.node_name(self.level, from), self.project.node_name(self.level, to)),
        };
        answer(self.project, symbols, &question)
    }
}

/// The id says what the component is, not where it was found.
fn id(project: &Project, level: Level, reading: Reading, members: &[u32]) -> String {
    let names: Vec<&str> = members.iter().map(|member| project.node_name(level, *member)).collect();
    format!("{}:{}:{}", level.word(), reading.word(), fingerprint(&names))
}
