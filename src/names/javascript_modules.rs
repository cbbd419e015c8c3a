//! Modules of JavaScript and TypeScript: a package of a workspace, else the first folder that is about something, else
//! the file.

use super::FactBase;
use super::javascript::Package;
use super::modules::{Basis, Draft, ENOUGH_FILES, is_layer};
use crate::base::is_within;
use std::collections::{BTreeMap, BTreeSet};

/// Folder names that say where code runs or who it is for, not what it is about. Like layers, they never name a module.
const CONTAINERS: [&str; 32] = [
    "admin",
    "app",
    "application",
    "applications",
    "apps",
    "assets",
    "backend",
    "bin",
    "client",
    "common",
    "core",
    "domain",
    "domains",
    "features",
    "front",
    "frontend",
    "javascript",
    "javascripts",
    "js",
    "modules",
    "packages",
    "pages",
    "plugins",
    "public",
    "scripts",
    "server",
    "shared",
    "source",
    "sources",
    "src",
    "static",
    "web",
];

/// From this many files on a package of a workspace is a monolith of its own, and its folders are the modules.
const MONOLITH_FILES: usize = 150;

/// The packages of a workspace and how many files lie below each folder.
pub(super) struct Workspace {
    packages: Vec<(String, String)>,
    files: BTreeMap<String, usize>,
}

impl Workspace {
    /// Packages that stand beside others in one folder; an application with one package has modules of its own inside.
    pub(super) fn of(base: &FactBase, packages: &[Package]) -> Self {
        let parent = |folder: &str| folder.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned());
        let mut beside: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for package in packages.iter().filter(|package| !package.folder.is_empty() && package.name.is_some()) {
            beside.entry(parent(&package.folder)).or_default().insert(&package.folder);
        }
        let packages = packages.iter().filter(|package| beside.get(&parent(&package.folder)).is_some_and(|these| these.len() > 1));
        let packages = packages.filter_map(|package| Some((package.folder.clone(), package.name.clone()?))).collect();
        let mut files: BTreeMap<String, usize> = BTreeMap::new();
        for id in base.ids().filter(|id| super::javascript::speaks(base.file(*id).source.language) && !base.file(*id).left_out) {
            for (at, _) in base.path(id).match_indices('/') {
                *files.entry(base.path(id)[..at].to_owned()).or_default() += 1;
            }
        }
        Self { packages, files }
    }

    /// The module of a file.
    pub(super) fn choose(&self, path: &str) -> Draft {
        let around = self.packages.iter().filter(|(folder, _)| is_within(path, folder)).max_by_key(|(folder, _)| folder.len());
        let whole = around.filter(|(folder, _)| self.files.get(folder).is_none_or(|files| *files < MONOLITH_FILES));
        if let Some((folder, name)) = whole {
            return draft(folder, name.clone(), Basis::NpmPackage, "a package beside others");
        }
        let package = around.map_or("", |(folder, _)| folder);
        let mut passed = "nothing but layers above it: each file is a module";
        let mut pages = None;
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            let name = folder.rsplit('/').next().unwrap_or(folder);
            if name == "pages" && self.files.get(folder).is_some_and(|files| *files >= ENOUGH_FILES) {
                pages = Some(folder);
            }
            if is_within(package, folder) || is_layer(folder) || CONTAINERS.binary_search(&name).is_ok() {
                continue;
            }
            if self.files.get(folder).is_some_and(|files| *files >= ENOUGH_FILES) {
                return draft(folder, folder.to_owned(), Basis::Directory, "the first folder that is about something");
            }
            passed = "a folder of fewer than three files: each is a module";
            break;
        }
        // One screen is no unit that anybody moves.
        if let Some(folder) = pages {
            return draft(folder, folder.to_owned(), Basis::Directory, "pages that are too few for modules of their own");
        }
        let rule = if path.contains('/') { passed } else { "a file of the root" };
        draft(path, path.to_owned(), Basis::File, rule)
    }
}

fn draft(path: &str, name: String, basis: Basis, rule: &str) -> Draft {
    Draft { key: path.to_owned(), name, basis, rule: rule.to_owned(), paths: vec![path.to_owned()] }
}

#[cfg(test)]
mod tests {
    #[test]
    fn containers_are_sorted_so_that_they_can_be_searched() {
        assert!(super::CONTAINERS.is_sorted());
    }
}
