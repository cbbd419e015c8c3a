//! Modules of PHP trees: what a framework calls a module or plugin, else the folder. Scripts of the root are one each.

use super::modules::{Basis, Draft, ENOUGH_FILES};
use super::php::PHP;
use super::php_features::Features;
use super::{FactBase, FileEntry, Tree};
use crate::base::is_within;
use std::collections::{BTreeMap, BTreeSet};

/// A package of this many files is a monolith of its own, and its folders are its modules.
const MONOLITH: usize = 150;
/// Fewer bundles of Symfony than this say how a library or a small application is registered, not what it consists of.
const BUNDLES: usize = 3;

/// Files beside the code that say that a folder is a module.
pub(super) struct Manifests<'a> {
    /// Folders with an `etc/config.xml`.
    magento: BTreeSet<&'a str>,
    /// Folders with a `composer.json` of their own inside of another's, and how many files of PHP they hold.
    packages: BTreeMap<&'a str, usize>,
    /// Folders of Symfony's bundles, with the name of the class that makes them one.
    bundles: BTreeMap<&'a str, &'a str>,
    /// Modules of Laravel and Symfony trees.
    features: Features,
}

impl<'a> Manifests<'a> {
    pub(super) fn of(base: &'a FactBase) -> Self {
        let magento = base.files.iter().filter_map(|file| file.source.path.as_str().strip_suffix("/etc/config.xml")).collect();
        Self { magento, packages: packages(base), bundles: bundles(base), features: Features::of(base) }
    }
}

impl Manifests<'_> {
    /// The innermost package around a file, and how many files it holds.
    fn package(&self, path: &str) -> Option<(&str, usize)> {
        folders_around(path).find_map(|folder| self.packages.get_key_value(folder).map(|(folder, files)| (*folder, *files)))
    }
}

/// The module of a PHP file.
pub(super) fn choose(tree: &Tree, manifests: &Manifests<'_>, path: &str) -> Draft {
    let parts: Vec<&str> = path.split('/').collect();
    for at in 0..parts.len().saturating_sub(1) {
        let folder = parts[..=at].join("/");
        // app/code/<pool>/<Vendor>/<Module>
        if let [.., "app", "code", _, vendor, module] = parts[..=at]
            && manifests.magento.contains(folder.as_str())
        {
            let rule = "a folder of a code pool with an etc/config.xml";
            return draft(&folder, format!("{vendor}_{module}"), Basis::MagentoModule, rule);
        }
        if let [.., "app", "design", area, package, theme] = parts[..=at] {
            return draft(
                &folder,
                format!("{area}/{package}/{theme}"),
                Basis::Directory,
                "a theme: a folder of app/design/<area>/<package>",
            );
        }
        if let [.., "wp-content", "plugins" | "mu-plugins" | "themes", name] = parts[..=at] {
            return draft(&folder, name.to_owned(), Basis::WordpressPlugin, "a folder of wp-content/plugins or wp-content/themes");
        }
    }
    if let Some((folder, name)) = folders_around(path).filter_map(|folder| manifests.bundles.get_key_value(folder)).last() {
        return draft(folder, (*name).to_owned(), Basis::PhpNamespace, "a folder with the class of a Symfony bundle");
    }
    let features = manifests.features.get(path);
    let package = manifests.package(path);
    let is_finer = |folder: &str| features.is_some_and(|feature| feature.paths.iter().any(|own| is_within(own, folder)));
    match package {
        Some((folder, files)) if files < MONOLITH && !is_finer(folder) => {
            let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
            draft(folder, name, Basis::ComposerPackage, "a folder with a composer.json of its own")
        }
        Some((folder, _)) if !is_finer(folder) => directory(tree, path, folder),
        _ => features.cloned().unwrap_or_else(|| directory(tree, path, "")),
    }
}

/// Packages inside of another, with their files. One that nothing is around is an application.
fn packages(base: &FactBase) -> BTreeMap<&str, usize> {
    let manifests = base.other_paths.iter().filter(|path| path.name() == "composer.json");
    let all: BTreeSet<&str> = manifests.map(|path| path.parent()).collect();
    let inside = |folder: &&str| !folder.is_empty() && (all.contains("") || folders_around(folder).any(|above| all.contains(above)));
    let mut found: BTreeMap<&str, usize> = all.iter().copied().filter(inside).map(|folder| (folder, 0)).collect();
    for file in base.files.iter().filter(|file| !file.left_out && file.source.language == PHP) {
        let path = file.source.path.as_str();
        let around = folders_around(path).find(|folder| found.contains_key(folder));
        if let Some(count) = around.and_then(|folder| found.get_mut(folder)) {
            *count += 1;
        }
    }
    found
}

/// Folders with a class that registers them with Symfony as a whole (`class ShopBundle extends Bundle`). One that holds most
/// of the code is the application itself.
fn bundles(base: &FactBase) -> BTreeMap<&str, &str> {
    let own = || base.files.iter().filter(|file| !file.left_out && file.source.language == PHP);
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    for file in own() {
        if let Some(name) = bundle_of(file).filter(|_| !file.source.path.parent().is_empty()) {
            all.entry(file.source.path.parent()).or_insert(name);
        }
    }
    let outermost = |path: &str| folders_around(path).filter_map(|folder| all.get_key_value(folder)).map(|(folder, _)| *folder).last();
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in own().filter_map(|file| outermost(file.source.path.as_str())) {
        *files.entry(folder).or_default() += 1;
    }
    let total: usize = files.values().sum();
    let found: BTreeMap<&str, &str> = all
        .iter()
        .filter(|(folder, _)| files.get(*folder).is_some_and(|own| own * 2 <= total))
        .map(|(folder, name)| (*folder, *name))
        .collect();
    if found.len() < BUNDLES { BTreeMap::new() } else { found }
}

/// The name of the bundle's class in a file that is called after it.
fn bundle_of(file: &FileEntry) -> Option<&str> {
    let stem = file.source.path.name().strip_suffix(".php").filter(|stem| stem.ends_with("Bundle"))?;
    let facts = &file.facts;
    let is_bundle = |base: &crate::facts::ValueId| facts.last_name(*base).is_some_and(|name| name.contains("Bundle"));
    let (_, class) = facts.definitions().find(|(_, definition)| definition.kind.is_type() && facts.text(definition.name) == stem)?;
    facts.items(class.bases).iter().any(is_bundle).then_some(stem)
}

/// The folders around a file, the innermost first.
fn folders_around(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(end, _)| &path[..end])
}

/// The nearest folder around a file with enough files of its own, else the outermost, or the package around it.
fn directory(tree: &Tree, path: &str, package: &str) -> Draft {
    let Some((first, _)) = path.split_once('/') else {
        return draft(path, path.to_owned(), Basis::File, "a script of the root");
    };
    let outermost = if package.is_empty() { first } else { package };
    let mut folder = path.rsplit_once('/').map_or(outermost, |(folder, _)| folder);
    while folder != outermost && files_in(tree, folder) < ENOUGH_FILES {
        folder = folder.rsplit_once('/').map_or(outermost, |(parent, _)| parent);
    }
    debug_assert!(is_within(path, folder));
    let rule = if package.is_empty() {
        "the nearest folder with three files, else the outermost"
    } else {
        "the nearest folder with three files in a large package, else the package"
    };
    draft(folder, folder.to_owned(), Basis::Directory, rule)
}

fn files_in(tree: &Tree, folder: &str) -> usize {
    tree.folder(folder).map_or(0, |inside| inside.files.len())
}

fn draft(path: &str, name: String, basis: Basis, rule: &str) -> Draft {
    Draft { key: path.to_owned(), name, basis, rule: rule.to_owned(), paths: vec![path.to_owned()] }
}
