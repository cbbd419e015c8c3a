//! The scanned tree as a file system for the resolver: its paths, and the texts of its manifests. Nothing is read.

use super::manifests::Manifests;
use crate::names::FactBase;
use oxc_resolver::{FileMetadata, FileSystem, ResolveError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the tree stands in this file system.
const ROOT: &str = if cfg!(windows) { "C:/" } else { "/" };

/// Where the packages of the tree are shown.
const MODULES: &str = "node_modules";

/// Folders that a build fills from sources.
const BUILT: [&str; 12] = ["build", "cjs", "compiled", "dist", "es", "esm", "lib", "out", "output", "types", "typings", "umd"];

/// Endings of what a build makes, and of what it makes them from.
const MADE: [&str; 8] = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx", ""];
const SOURCES: [&str; 8] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/// Paths of the tree.
#[derive(Debug, Default)]
pub(super) struct Paths {
    files: FxHashSet<String>,
    folders: FxHashSet<String>,
    texts: FxHashMap<String, String>,
    packages: FxHashMap<String, String>,
    scopes: FxHashSet<String>,
}

/// The tree as it is, or with what a build would make of it.
#[derive(Debug)]
pub(super) struct TreeView {
    paths: Arc<Paths>,
    built: bool,
}

/// A path of the tree as the resolver sees it.
pub(super) fn absolute(path: &str) -> String {
    format!("{ROOT}{path}")
}

impl Paths {
    pub(super) fn of(base: &FactBase, manifests: &Manifests) -> Self {
        let mut paths = Self::default();
        let all = base.files.iter().map(|file| &file.source.path).chain(&base.other_paths);
        for path in all {
            paths.files.insert(path.as_str().to_owned());
            let mut folder = path.parent();
            while !paths.folders.contains(folder) {
                paths.folders.insert(folder.to_owned());
                folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
        }
        for (path, text) in &manifests.texts {
            paths.files.insert(path.clone());
            paths.texts.insert(path.clone(), text.clone());
        }
        for (name, folder) in manifests.folders_by_name() {
            paths.packages.insert(name.to_owned(), folder.to_owned());
            if let Some((scope, _)) = name.split_once('/') {
                paths.scopes.insert(scope.to_owned());
            }
        }
        paths
    }

    /// True when the tree has a package of that name.
    pub(super) fn has_package(&self, name: &str) -> bool {
        self.packages.contains_key(name)
    }

    /// The path below the root, with packages followed to their folders; none for what is not there.
    fn place(&self, path: &Path) -> Option<String> {
        let text = path.to_str()?.replace('\\', "/");
        let below = text.strip_prefix(ROOT).or_else(|| text.strip_prefix(ROOT.trim_end_matches('/')))?;
        let Some(rest) = below.strip_prefix(MODULES).and_then(|rest| rest.strip_prefix('/')) else { return Some(below.to_owned()) };
        let name = super::package_name(rest);
        let folder = self.packages.get(name)?;
        let inside = rest[name.len()..].trim_start_matches('/');
        Some(match (folder.is_empty(), inside.is_empty()) {
            (true, _) => inside.to_owned(),
            (false, true) => folder.clone(),
            (false, false) => format!("{folder}/{inside}"),
        })
    }

    /// The file that a build would make this one from: `src/a.ts` for `dist/a.js`. Packages have folders called like
    /// those that a build fills (`packages/types/dist/a.js`), so the ones next to the file are looked at first.
    fn source_of(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let filled = (0..parts.len()).rev().filter(|place| BUILT.contains(&parts[*place]));
        filled.into_iter().find_map(|first| self.source_beside(&parts, first))
    }

    /// The same, where one part of the path is the folder that the build fills.
    fn source_beside(&self, parts: &[&str], first: usize) -> Option<String> {
        let after = parts[first..].iter().position(|part| !BUILT.contains(part))? + first;
        let (before, rest) = (parts[..first].join("/"), parts[after..].join("/"));
        let before = if before.is_empty() { before } else { before + "/" };
        let made = MADE.iter().find(|made| rest.ends_with(**made))?;
        let stem = &rest[..rest.len() - made.len()];
        let places = [format!("{before}src/{stem}"), format!("{before}{stem}")];
        let mut candidates = places.iter().flat_map(|place| SOURCES.iter().map(move |source| format!("{place}{source}")));
        candidates.find(|candidate| self.files.contains(candidate))
    }
}

impl TreeView {
    pub(super) fn new(paths: Arc<Paths>, built: bool) -> Self {
        Self { paths, built }
    }

    /// The file of the tree behind a path that the resolver found.
    pub(super) fn file(&self, path: &Path) -> Option<String> {
        let place = self.paths.place(path)?;
        if self.paths.files.contains(&place) {
            return Some(place);
        }
        if self.built { self.paths.source_of(&place) } else { None }
    }

    fn text(&self, path: &Path) -> io::Result<&String> {
        let place = self.paths.place(path);
        place.and_then(|place| self.paths.texts.get(&place)).ok_or_else(missing)
    }
}

fn missing() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl FileSystem for TreeView {
    fn new() -> Self {
        Self { paths: Arc::default(), built: false }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.text(path).map(|text| text.clone().into_bytes())
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        self.text(path).cloned()
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        if let Some(place) = self.paths.place(path) {
            if self.paths.folders.contains(&place) || place.is_empty() || (place == MODULES && !self.paths.packages.is_empty()) {
                return Ok(FileMetadata::new(false, true, false));
            }
            if self.file(path).is_some() {
                return Ok(FileMetadata::new(true, false, false));
            }
        }
        let scope = path.parent().and_then(Path::file_name).is_some_and(|name| name == MODULES)
            && path.file_name().and_then(|name| name.to_str()).is_some_and(|name| self.paths.scopes.contains(name));
        if scope { Ok(FileMetadata::new(false, true, false)) } else { Err(missing()) }
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        Err(ResolveError::NotFound(path.display().to_string()))
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
}
