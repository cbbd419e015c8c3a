//! The `[rules]` table: what may not depend on what, and how large things may become.

use super::patterns::{Patterns, PatternsBuilder};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// What a team has decided about its dependencies. Names and paths are those of today: nothing here is kept by identity.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Dependencies that may not be.
    pub forbid: Vec<Forbidden>,
    /// Layers from the top down: each may use those below it, none may use one above.
    pub layers: Vec<Selection>,
    /// Where nothing may be accepted: what the baseline lists there counts as new.
    pub strict: Selection,
    /// How large things may become.
    pub limits: Limits,
}

/// One forbidden direction.
#[derive(Clone, Debug, Default)]
pub struct Forbidden {
    /// Who may not depend.
    pub from: Selection,
    /// On what.
    pub to: Selection,
    /// Why, in the team's words.
    pub reason: Option<String>,
}

/// Absolute limits; percentages never gate, because deleting something would move them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Lines of a file.
    pub file_lines: Option<u32>,
    /// Files of a module.
    pub module_files: Option<u32>,
    /// Lines of a module.
    pub module_lines: Option<u32>,
}

/// Modules and files chosen by name: a module's name, a glob over module names (`shop.*`, where `*` also matches dots),
/// or, with a `/` in it, a path pattern as everywhere in the config.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    written: Vec<String>,
    globs: GlobSet,
    paths: Option<Patterns>,
}

impl Selection {
    /// Compiles a selection; `prefix` is the scanned folder seen from the config's. A mistake comes with the place of
    /// its pattern in the list.
    pub(super) fn new(written: Vec<String>, prefix: &str) -> Result<Self, (usize, String)> {
        let mut globs = GlobSetBuilder::new();
        let mut paths = PatternsBuilder::new();
        for (at, pattern) in written.iter().enumerate() {
            if is_path(pattern) {
                paths.add(0, pattern).map_err(|reason| (at, reason))?;
            } else {
                let glob = GlobBuilder::new(pattern).literal_separator(false).build();
                globs.add(glob.map_err(|error| (at, error.kind().to_string()))?);
            }
        }
        let globs = globs.build().map_err(|error| (0, error.kind().to_string()))?;
        let paths =
            if written.iter().any(|pattern| is_path(pattern)) { Some(paths.build(prefix).map_err(|reason| (0, reason))?) } else { None };
        Ok(Self { written, globs, paths })
    }

    /// True when the selection names a module as a whole.
    #[must_use]
    pub fn has_module(&self, name: &str) -> bool {
        self.written.iter().any(|written| written == name) || self.globs.is_match(name)
    }

    /// True when one of its path patterns matches a file.
    #[must_use]
    pub fn has_path(&self, path: &str) -> bool {
        self.paths.as_ref().is_some_and(|patterns| patterns.first_owner(path).is_some())
    }

    /// True when it speaks of files: then what it says is about files, not about whole modules.
    #[must_use]
    pub fn names_paths(&self) -> bool {
        self.paths.is_some()
    }

    /// The patterns as written.
    #[must_use]
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// The patterns of module names that match none of these, as written.
    #[must_use]
    pub fn without_module(&self, modules: &[&str]) -> Vec<&str> {
        let alone = |pattern: &&String| {
            let glob = GlobBuilder::new(pattern).literal_separator(false).build().map(|glob| glob.compile_matcher());
            !modules.iter().any(|name| *name == pattern.as_str() || glob.as_ref().is_ok_and(|glob| glob.is_match(name)))
        };
        self.written.iter().filter(|pattern| !is_path(pattern)).filter(alone).map(String::as_str).collect()
    }
}

fn is_path(pattern: &str) -> bool {
    pattern.contains('/')
}
