//! Cycles as the gate sees them: every edge inside a strongly connected component, by itself.

use super::advice::{Question, answer};
use super::components;
use super::named::Members;
use super::symbols::Symbols;
use super::witness::Paths;
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Scope, Watched, fingerprint};
use crate::base::{FileId, RelPath};
use crate::graph::build::FileEdge;
use crate::graph::views::{Level, Reading, view};
use crate::graph::weighted::WeightedGraph;
use crate::names::ModuleId;
use crate::project::Project;
use std::collections::BTreeMap;

const KIND: &str = "cycle-edge";

/// The row of cycles.
pub static GATED: GatedRow = GatedRow {
    kind: KIND,
    about: "A dependency that closes a cycle: neither side can be taken out or changed without the other.",
    findings,
    facts,
    kept,
    explain,
};

fn findings(project: &Project, scope: &Scope) -> Vec<Watched> {
    each(project, scope, |level, reading, graph| cyclic_edges(graph, level, reading, |node| project.node_name(level, node).to_owned()))
}

fn facts(project: &Project, scope: &Scope) -> Vec<Fact> {
    each(project, scope, |level, reading, graph| edges(graph, level, reading, |node| project.node_name(level, node).to_owned()))
}

fn each<T>(project: &Project, scope: &Scope, mut look: impl FnMut(Level, Reading, &WeightedGraph) -> Vec<T>) -> Vec<T> {
    let mut all = Vec::new();
    for level in &scope.levels {
        for reading in &scope.readings {
            let graph = view(&project.base, &project.names, &project.resolution, &project.graph, *level, *reading);
            all.extend(look(*level, *reading, &graph));
        }
    }
    all
}

fn finding(level: Level, reading: Reading, from: String, to: String) -> Finding {
    Finding { kind: KIND.to_owned(), level: level.word().to_owned(), graph: reading.word().to_owned(), from, to }
}

/// Every edge inside a component, as a finding.
pub fn cyclic_edges(graph: &WeightedGraph, level: Level, reading: Reading, name: impl Fn(u32) -> String) -> Vec<Watched> {
    let mut all = Vec::new();
    for component in components::edges_inside(graph) {
        let mut members: Vec<u32> = component.iter().map(|edge| edge.from).collect();
        members.sort_unstable();
        members.dedup();
        let names: Vec<String> = members.iter().map(|member| name(*member)).collect();
        let group = fingerprint(&names.iter().map(String::as_str).collect::<Vec<_>>());
        all.extend(
            component.iter().map(|edge| Watched { finding: finding(level, reading, name(edge.from), name(edge.to)), group: group.clone() }),
        );
    }
    all
}

/// Every edge, as a fact.
pub fn edges(graph: &WeightedGraph, level: Level, reading: Reading, name: impl Fn(u32) -> String) -> Vec<Fact> {
    graph.edges().iter().map(|edge| finding(level, reading, name(edge.from), name(edge.to))).collect()
}

/// Edges of the new tree behind which stands no reference between files that the old tree did not have.
fn kept(old: &Project, new: &Project, moved: &BTreeMap<RelPath, RelPath>, scope: &Scope) -> Vec<Fact> {
    let before: BTreeMap<&str, &str> = moved.iter().map(|(before, after)| (after.as_str(), before.as_str())).collect();
    let old_file = |file: FileId| {
        let path = new.base.path(file);
        old.names.tree().file(before.get(path).unwrap_or(&path))
    };
    let mut all = Vec::new();
    for level in &scope.levels {
        for reading in &scope.readings {
            let joins = |project: &Project, edge: &FileEdge| {
                project.resolution.references[edge.sites.clone()].iter().any(|site| site.kind.is_structural() && reading.counts(site))
            };
            let was_there = |edge: &FileEdge| {
                let ends = old_file(edge.from).zip(old_file(edge.to));
                ends.and_then(|(from, to)| old.graph.file_edge(from, to)).is_some_and(|edge| joins(old, edge))
            };
            let graph = view(&new.base, &new.names, &new.resolution, &new.graph, *level, *reading);
            for edge in graph.edges() {
                let behind: Vec<&FileEdge> = match level {
                    Level::File => new.graph.file_edge(FileId(edge.from), FileId(edge.to)).into_iter().collect(),
                    Level::Module => new
                        .graph
                        .module_edge(ModuleId(edge.from), ModuleId(edge.to))
                        .map_or_else(Vec::new, |edge| edge.file_edges.iter().map(|index| &new.graph.file_edges[*index as usize]).collect()),
                };
                if behind.into_iter().filter(|edge| joins(new, edge)).all(was_there) {
                    let name = |node: u32| new.node_name(*level, node).to_owned();
                    all.push(finding(*level, *reading, name(edge.from), name(edge.to)));
                }
            }
        }
    }
    all
}

fn explain(project: &Project, finding: &Finding) -> Explanation {
    let command = format!("unpick why {} {}", finding.from, finding.to);
    let empty = Explanation { command: command.clone(), ..Explanation::default() };
    let Some(level) = Level::ALL.into_iter().find(|level| level.word() == finding.level) else { return empty };
    let Some(reading) = Reading::ALL.into_iter().find(|reading| reading.word() == finding.graph) else { return empty };
    let (Some(from), Some(to)) = (project.node(level, &finding.from), project.node(level, &finding.to)) else { return empty };
    let graph = view(&project.base, &project.names, &project.resolution, &project.graph, level, reading);
    let Some(component) = components::find(&graph).into_iter().find(|members| members.contains(&from)) else { return empty };
    let members = Members::new(project, level, &component);
    let mut sites = members.sites(reading, from, to);
    sites.sort_by_key(|site| (!site.kind.is_structural(), site.lazy, site.from, site.line));
    let mut shortest = Paths::new(&graph).shortest(to, from).unwrap_or_default();
    // The way back runs from the needed side to the depending one; the cycle is told from the edge itself on.
    if !shortest.is_empty() {
        shortest.rotate_right(1);
    }
    let advice = answer(
        project,
        &mut Symbols::new(project),
        &Question {
            from: members.of(from),
            to: members.of(to),
            component: members.files(),
            sites: &sites,
            back: &members.sites(reading, to, from),
            names: (&finding.from, &finding.to),
        },
    );
    Explanation {
        place: sites.first().map(|site| (project.base.path(site.from).to_owned(), site.line)),
        text: sites.first().map_or_else(String::new, |site| site.text.to_string()),
        more_places: sites.len().saturating_sub(1),
        shortest: shortest.iter().map(|node| project.node_name(level, *node).to_owned()).collect(),
        advice: Some((advice.advice.word(), advice.because)),
        command,
    }
}
