//! The keys `file_dependencies` and `module_dependencies`: who needs whom, with every line that says so.

use super::Each;
use crate::bind::Reference;
use crate::graph::build::{ModuleEdge, weight};
use crate::project::Project;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct FileDependencyRow<'a, S> {
    from: &'a str,
    to: &'a str,
    sites: S,
}

#[derive(Serialize)]
struct SiteRow<'a> {
    line: u32,
    kind: &'static str,
    lazy: bool,
    type_only: bool,
    confidence: f64,
    rule: &'a str,
    text: &'a str,
}

impl<'a> SiteRow<'a> {
    fn of(site: &'a Reference) -> Self {
        let Reference { line, kind, lazy, type_only, certainty, rule, text, .. } = site;
        Self { line: *line, kind: kind.word(), lazy: *lazy, type_only: *type_only, confidence: certainty.share(), rule, text }
    }
}

/// One row per pair of files, by from and to; sites by line.
pub(super) fn by_file(project: &Project) -> impl Serialize {
    Each(move || {
        project.graph.file_edges.iter().map(move |edge| FileDependencyRow {
            from: project.base.path(edge.from),
            to: project.base.path(edge.to),
            sites: Each(move || project.resolution.references[edge.sites.clone()].iter().map(SiteRow::of)),
        })
    })
}

#[derive(Serialize)]
struct ModuleDependencyRow<'a, S> {
    from: &'a str,
    to: &'a str,
    weight: i64,
    kinds: BTreeMap<&'static str, u32>,
    sites: S,
}

#[derive(Serialize)]
struct ModuleSiteRow<'a> {
    path: &'a str,
    line: u32,
    kind: &'static str,
}

/// One row per pair of modules, by from and to; sites by path, target file and line. Migrations have no part in them.
pub(super) fn by_module(project: &Project) -> impl Serialize {
    Each(move || {
        project.graph.module_edges.iter().map(move |edge| {
            let (weight, kinds) = sums(project, edge);
            ModuleDependencyRow {
                from: &project.names.modules[edge.from.index()].name,
                to: &project.names.modules[edge.to.index()].name,
                weight,
                kinds,
                sites: Each(move || {
                    project.graph.sites_of(&project.resolution, edge).map(|site| ModuleSiteRow {
                        path: project.base.path(site.from),
                        line: site.line,
                        kind: site.kind.word(),
                    })
                }),
            }
        })
    })
}

/// The weight of an edge in thousandths, and how many references of each kind make it.
fn sums(project: &Project, edge: &ModuleEdge) -> (i64, BTreeMap<&'static str, u32>) {
    let mut total = 0;
    let mut kinds = BTreeMap::new();
    for site in project.graph.sites_of(&project.resolution, edge) {
        total += weight(site);
        *kinds.entry(site.kind.word()).or_default() += 1;
    }
    (total, kinds)
}
