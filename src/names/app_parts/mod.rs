//! Applications of Django that are monoliths of their own: one label over all of the code says nothing about its parts.

use super::modules::is_layer;
use super::{App, FactBase, Names, Tree};
use crate::base::{Language, Tag, is_within};
use std::collections::BTreeMap;

/// From so many files of code on an application is taken apart.
const MONOLITH_FILES: usize = 150;

/// How many layers of its own make a package a part: models and services, views and forms.
const ENOUGH_LAYERS: usize = 2;

/// Beside the layers: what a package has that answers, keeps or changes something.
const FURTHER: [&str; 6] = ["admin", "queries", "schema", "signals", "ui", "urls"];

/// The innermost application around a path.
pub(super) fn app_around<'a>(names: &'a Names, path: &str) -> Option<&'a App> {
    names.apps.iter().filter(|app| is_within(path, &app.folder)).max_by_key(|app| app.folder.len())
}

/// The folders of applications with so much code of their own that it has to be told apart.
pub(super) fn monoliths(base: &FactBase, names: &Names) -> Vec<String> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for id in base.ids() {
        let file = base.file(id);
        if file.left_out || file.source.language != Language("python") || file.tags.contains(Tag::Migration) {
            continue;
        }
        if let Some(app) = app_around(names, base.path(id)) {
            *files.entry(&app.folder).or_default() += 1;
        }
    }
    files.into_iter().filter(|(_, count)| *count >= MONOLITH_FILES).map(|(folder, _)| folder.to_owned()).collect()
}

/// True for a package that has layers of its own.
pub(super) fn is_about_something(tree: &Tree, package: &str) -> bool {
    let Some(inside) = tree.folder(package) else { return false };
    let modules = inside.files.iter().filter_map(|file| tree.stem(*file));
    let folders = inside.folders.iter().filter_map(|folder| folder.rsplit('/').next());
    modules.chain(folders).filter(|name| is_layer(name) || FURTHER.contains(name)).count() >= ENOUGH_LAYERS
}

#[cfg(test)]
mod tests;
