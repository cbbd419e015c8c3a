//! Cycles as the gate sees them: every edge inside a strongly connected component, by itself.

use super::advice::{Question, answer};
use super::components;
use super::named::Members;
use super::symbols::Symbols;
use super::witness::Paths;
use crate::analyses::before::Before;
use crate::analyses::gated::{Explanation, Fact, Finding, GatedRow, Place, Scope, Watched, fingerprint};
use crate::analyses::sites;
use crate::base::RelPath;
use crate::graph::views::{Level, Reading, view};
use crate::graph::weighted::WeightedGraph;
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
    places,
    says: |finding| format!("{} -> {} closes a cycle of {}s", finding.from, finding.to, finding.level),
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
    let before = Before::of(old, new, moved);
    each(new, scope, |level, reading, graph| {
        let kept = graph.edges().iter().filter(|edge| {
            let mut behind = sites::behind(new, level, edge.from, edge.to).into_iter().filter(|edge| sites::joins(new, edge, reading));
            behind.all(|edge| before.had(edge, reading))
        });
        let name = |node: u32| new.node_name(level, node).to_owned();
        kept.map(|edge| finding(level, reading, name(edge.from), name(edge.to))).collect()
    })
}

/// The level and reading a finding was made at.
fn made_at(finding: &Finding) -> Option<(Level, Reading)> {
    let level = Level::ALL.into_iter().find(|level| level.word() == finding.level)?;
    Some((level, Reading::ALL.into_iter().find(|reading| reading.word() == finding.graph)?))
}

fn places(project: &Project, _: &Scope, finding: &Finding) -> Vec<Place> {
    made_at(finding).map_or_else(Vec::new, |(level, reading)| sites::places(project, level, reading, &finding.from, &finding.to))
}

fn explain(project: &Project, _: &Scope, finding: &Finding) -> Explanation {
    let command = format!("unpick why {} {}", finding.from, finding.to);
    let empty = Explanation { command: command.clone(), ..Explanation::default() };
    let Some((level, reading)) = made_at(finding) else { return empty };
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
        rule: None,
        command,
    }
}
