//! The file dependencies and lines behind an edge of either level.

use super::gated::Place;
use crate::base::FileId;
use crate::bind::Reference;
use crate::graph::build::FileEdge;
use crate::graph::views::{Level, Reading};
use crate::names::ModuleId;
use crate::project::Project;

/// The file dependencies behind an edge between two nodes of a level.
pub(super) fn behind(project: &Project, level: Level, from: u32, to: u32) -> Vec<&FileEdge> {
    let graph = &project.graph;
    match level {
        Level::File => graph.file_edge(FileId(from), FileId(to)).into_iter().collect(),
        Level::Module => graph.module_edge(ModuleId(from), ModuleId(to)).map_or_else(Vec::new, |edge| {
            let mut pairs: Vec<_> = graph.sites_of(&project.resolution, edge).map(|site| (site.from, site.to)).collect();
            pairs.dedup();
            pairs.into_iter().filter_map(|(from, to)| graph.file_edge(from, to)).collect()
        }),
    }
}

/// The references of a file dependency that make it one in a reading.
pub(super) fn joining<'a>(project: &'a Project, edge: &FileEdge, reading: Reading) -> impl Iterator<Item = &'a Reference> {
    project.resolution.references[edge.sites.clone()].iter().filter(move |site| site.kind.is_structural() && reading.counts(site))
}

/// True when a file dependency is one in a reading.
pub(super) fn joins(project: &Project, edge: &FileEdge, reading: Reading) -> bool {
    joining(project, edge, reading).next().is_some()
}

/// Every line that makes an edge, by the names of its ends.
pub(super) fn places(project: &Project, level: Level, reading: Reading, from: &str, to: &str) -> Vec<Place> {
    let Some((from, to)) = project.node(level, from).zip(project.node(level, to)) else { return Vec::new() };
    let edges = behind(project, level, from, to);
    edges.into_iter().flat_map(|edge| joining(project, edge, reading)).map(|site| place(project, site)).collect()
}

/// A reference as a place, with every name of what it leads to.
pub(super) fn place(project: &Project, site: &Reference) -> Place {
    let mut names = vec![project.names.module(site.to).name.clone(), project.base.path(site.to).to_owned()];
    names.extend(site.symbol.iter().map(ToString::to_string));
    Place { path: project.base.path(site.from).to_owned(), line: site.line, names }
}
