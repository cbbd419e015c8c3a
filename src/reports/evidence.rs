//! The lines behind an edge of the graph.

use crate::base::FileId;
use crate::bind::Reference;
use crate::graph::views::{Level, Reading};
use crate::names::ModuleId;
use crate::project::Project;

/// The references behind an edge that count in a reading, by file and line.
pub(super) fn sites(project: &Project, level: Level, reading: Reading, from: u32, to: u32) -> impl Iterator<Item = &Reference> {
    let references = &project.resolution.references;
    let by_file = (level == Level::File).then(|| project.graph.file_edge(FileId(from), FileId(to))).flatten();
    let by_module = (level == Level::Module).then(|| project.graph.module_edge(ModuleId(from), ModuleId(to))).flatten();
    let files = by_file.into_iter().flat_map(move |edge| &references[edge.sites.clone()]);
    let modules = by_module.into_iter().flat_map(|edge| project.graph.sites_of(&project.resolution, edge));
    files.chain(modules).filter(move |site| reading.counts(site))
}
