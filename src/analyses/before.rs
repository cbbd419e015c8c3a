//! Today's files and dependencies in an older tree, whatever they were called there.

use super::sites;
use crate::base::{FileId, RelPath};
use crate::graph::build::FileEdge;
use crate::graph::views::Reading;
use crate::project::Project;
use std::collections::BTreeMap;

/// The older tree as seen from today's.
pub(super) struct Before<'a> {
    /// The older tree.
    pub(super) old: &'a Project,
    new: &'a Project,
    old_paths: BTreeMap<&'a str, &'a str>,
}

impl<'a> Before<'a> {
    /// `moved` holds old paths and their new ones.
    pub(super) fn of(old: &'a Project, new: &'a Project, moved: &'a BTreeMap<RelPath, RelPath>) -> Self {
        Self { old, new, old_paths: moved.iter().map(|(before, after)| (after.as_str(), before.as_str())).collect() }
    }

    /// What a file of today was in the older tree.
    pub(super) fn file(&self, file: FileId) -> Option<FileId> {
        let path = self.new.base.path(file);
        self.old.names.tree().file(self.old_paths.get(path).unwrap_or(&path))
    }

    /// True when the older tree had a dependency between the same two files that counts in the reading.
    pub(super) fn had(&self, edge: &FileEdge, reading: Reading) -> bool {
        let ends = self.file(edge.from).zip(self.file(edge.to));
        ends.and_then(|(from, to)| self.old.graph.file_edge(from, to)).is_some_and(|edge| sites::joins(self.old, edge, reading))
    }
}
