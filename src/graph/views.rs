//! The graph as the analyses see it: one level, one reading of what counts, weights as integers.

use super::build::{Graph, weight};
use super::weighted::{Edge, WeightedGraph};
use crate::bind::{Reference, Resolution};
use crate::names::{FactBase, Names};

/// Which nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Files, numbered as [`crate::base::FileId`].
    File,
    /// Modules, numbered as [`crate::names::ModuleId`].
    Module,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 2] = [Self::File, Self::Module];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Module => "module",
        }
    }
}

/// Which references count (PLAN.md A.11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reading {
    /// All of them.
    All,
    /// Without those only the type checker sees.
    Runtime,
    /// Only what runs when files are loaded.
    Load,
}

impl Reading {
    /// Every reading.
    pub const ALL: [Self; 3] = [Self::All, Self::Load, Self::Runtime];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Runtime => "runtime",
            Self::Load => "load",
        }
    }

    /// True when a reference counts in this reading.
    #[must_use]
    pub fn counts(self, reference: &Reference) -> bool {
        match self {
            Self::All => true,
            Self::Runtime => !reference.type_only,
            Self::Load => !reference.type_only && !reference.lazy,
        }
    }
}

/// The weighted graph of a level and reading. A pair of nodes is joined when a structural reference counts; calls add
/// their weight.
#[must_use]
pub fn view(base: &FactBase, names: &Names, resolution: &Resolution, graph: &Graph, level: Level, reading: Reading) -> WeightedGraph {
    let weigh = |sites: &mut dyn Iterator<Item = &Reference>| {
        let mut total = 0;
        let mut joined = false;
        for site in sites.filter(|site| reading.counts(site)) {
            total += weight(site);
            joined |= site.kind.is_structural();
        }
        joined.then_some(total)
    };
    match level {
        Level::File => {
            let edges = graph.file_edges.iter().filter_map(|edge| {
                let weight = weigh(&mut resolution.references[edge.sites.clone()].iter())?;
                Some(Edge { from: edge.from.0, to: edge.to.0, weight })
            });
            WeightedGraph::new(u32::try_from(base.files.len()).expect("files are counted in u32"), edges.collect())
        }
        Level::Module => {
            let edges = graph.module_edges.iter().filter_map(|edge| {
                let weight = weigh(&mut graph.sites_of(resolution, edge))?;
                Some(Edge { from: edge.from.0, to: edge.to.0, weight })
            });
            WeightedGraph::new(u32::try_from(names.modules.len()).expect("modules are counted in u32"), edges.collect())
        }
    }
}
