//! Everything known about the tree once it is read and joined; read-only from here on.

use crate::base::{FileId, Problem};
use crate::bind::{Reference, Resolution};
use crate::graph::build::Graph;
use crate::names::{FactBase, Names};

/// The scanned application.
pub struct Project {
    /// Files and what they say.
    pub base: FactBase,
    /// Which file a name means, and the modules.
    pub names: Names,
    /// Dependencies, and what could not be told.
    pub resolution: Resolution,
    /// Dependencies grouped by file and module.
    pub graph: Graph,
    /// What went wrong while reading, by path.
    pub problems: Vec<Problem>,
}

impl Project {
    /// The name of a node of a level, as reports print it: a file's path or a module's name.
    #[must_use]
    pub fn node_name(&self, level: crate::graph::views::Level, node: u32) -> &str {
        match level {
            crate::graph::views::Level::File => self.base.path(FileId(node)),
            crate::graph::views::Level::Module => &self.names.modules[node as usize].name,
        }
    }

    /// The node of a level that has a name.
    #[must_use]
    pub fn node(&self, level: crate::graph::views::Level, name: &str) -> Option<u32> {
        match level {
            crate::graph::views::Level::File => self.names.tree().file(name).map(|file| file.0),
            crate::graph::views::Level::Module => {
                let at = self.names.modules.binary_search_by(|module| module.name.as_str().cmp(name)).ok()?;
                u32::try_from(at).ok()
            }
        }
    }

    /// The files of the application itself: not left out, not skipped.
    pub fn own_files(&self) -> impl Iterator<Item = FileId> {
        self.base.ids().filter(|id| !self.base.file(*id).left_out)
    }

    /// The references a file makes.
    #[must_use]
    pub fn references_from(&self, file: FileId) -> &[Reference] {
        let references = &self.resolution.references;
        let start = references.partition_point(|reference| reference.from < file);
        let end = references.partition_point(|reference| reference.from <= file);
        &references[start..end]
    }
}
