//! Cycles of the project: components with ids, cuts with advice.

use super::advice::{Question, answer};
use super::symbols::Symbols;
use super::witness::Paths;
use super::{Component, find};
use crate::analyses::finding::{Cycle, CutEdge};
use crate::base::{FileId, Tag};
use crate::bind::Reference;
use crate::graph::views::{Level, Reading, view};
use crate::graph::weighted::WeightedGraph;
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::BTreeSet;

/// How many cut edges of one component get advice of their own; nobody cuts more edges than that by reading about them,
/// and the rules look at every use.
const ADVISED: usize = 40;

/// Every cycle at both levels in all three readings, worst first within each.
#[must_use]
pub fn cycles(project: &Project) -> Vec<Cycle> {
    let mut symbols = Symbols::new(project);
    let mut all = Vec::new();
    for level in Level::ALL {
        for reading in Reading::ALL {
            let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, reading);
            let mut found: Vec<Cycle> =
                find(&graph).into_iter().map(|component| named(project, &mut symbols, &graph, level, reading, component)).collect();
            found.sort_by(|a, b| (b.members.len(), b.edges, &a.members).cmp(&(a.members.len(), a.edges, &b.members)));
            all.extend(found);
        }
    }
    all
}

fn named(project: &Project, symbols: &mut Symbols<'_>, graph: &WeightedGraph, level: Level, reading: Reading, component: Component) -> Cycle {
    let mut members = Members { project, level, files: BTreeSet::new() };
    members.files = component.members.iter().flat_map(|node| members.of(*node)).collect();
    let mut paths = Paths::new(graph);
    let mut edges: Vec<(u32, u32, i64)> = component
        .cut
        .edges
        .iter()
        .map(|(from, to)| (*from, *to, graph.edge(*from, *to).map_or(0, |edge| edge.weight)))
        .collect();
    edges.sort_by_key(|(from, to, weight)| (*weight, *from, *to));
    let mut cut = Vec::new();
    for (place, (from, to, weight)) in edges.into_iter().enumerate() {
        let answer = if place < ADVISED { Some(members.advise(symbols, reading, from, to)) } else { None };
        let way_back = paths.shortest(to, from).unwrap_or_default();
        cut.push(match answer {
            Some(answer) => CutEdge { from, to, weight, advice: answer.advice, because: answer.because, lines_to_move: answer.lines_to_move, way_back },
            None => {
                let because = "one of many edges of a large knot: not looked at more closely".to_owned();
                CutEdge { from, to, weight, advice: crate::analyses::finding::Advice::Interface, because, lines_to_move: 0, way_back }
            }
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

struct Members<'a> {
    project: &'a Project,
    level: Level,
    /// Files of all members.
    files: BTreeSet<FileId>,
}

impl Members<'_> {
    /// The files of a node.
    fn of(&self, node: u32) -> BTreeSet<FileId> {
        match self.level {
            Level::File => BTreeSet::from([FileId(node)]),
            Level::Module => {
                let module = ModuleId(node);
                let own = self.project.own_files().filter(|file| !self.project.base.file(*file).tags.contains(Tag::Migration));
                own.filter(|file| self.project.names.module_of[file.index()] == module).collect()
            }
        }
    }

    fn sites(&self, reading: Reading, from: u32, to: u32) -> Vec<&Reference> {
        let Project { graph, resolution, .. } = self.project;
        let all: Vec<&Reference> = match self.level {
            Level::File => {
                graph.file_edge(FileId(from), FileId(to)).map_or_else(Vec::new, |edge| resolution.references[edge.sites.clone()].iter().collect())
            }
            Level::Module => {
                graph.module_edge(ModuleId(from), ModuleId(to)).map_or_else(Vec::new, |edge| graph.sites_of(resolution, edge).collect())
            }
        };
        all.into_iter().filter(|site| reading.counts(site)).collect()
    }

    fn advise(&self, symbols: &mut Symbols<'_>, reading: Reading, from: u32, to: u32) -> super::advice::Answer {
        let question = Question {
            from: &self.of(from),
            to: &self.of(to),
            component: &self.files,
            sites: &self.sites(reading, from, to),
            back: &self.sites(reading, to, from),
            names: (self.project.node_name(self.level, from), self.project.node_name(self.level, to)),
        };
        answer(self.project, symbols, &question)
    }
}

/// FNV-1a over the member names: the id says what the component is, not where it was found.
fn id(project: &Project, level: Level, reading: Reading, members: &[u32]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for member in members {
        for byte in project.node_name(level, *member).bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{}:{}:{hash:016x}", level.word(), reading.word())
}
