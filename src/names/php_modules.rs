//! Modules of PHP trees: what a framework calls a module or plugin, else the folder. Scripts of the root are one each.

use super::modules::{Basis, Draft, ENOUGH_FILES};
use super::php_features::Features;
use super::{FactBase, Tree};
use crate::base::is_within;
use std::collections::BTreeSet;

/// Files beside the code that say that a folder is a module.
pub(super) struct Manifests<'a> {
    /// Folders with an `etc/config.xml`.
    magento: BTreeSet<&'a str>,
    /// Modules of Laravel and Symfony trees.
    features: Features,
}

impl<'a> Manifests<'a> {
    pub(super) fn of(base: &'a FactBase) -> Self {
        let magento = base.files.iter().filter_map(|file| file.source.path.as_str().strip_suffix("/etc/config.xml")).collect();
        Self { magento, features: Features::of(base) }
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
    manifests.features.get(path).cloned().unwrap_or_else(|| directory(tree, path))
}

/// The nearest folder around a file with enough files of its own, else the outermost.
fn directory(tree: &Tree, path: &str) -> Draft {
    let Some((outermost, _)) = path.split_once('/') else {
        return draft(path, path.to_owned(), Basis::File, "a script of the root");
    };
    let mut folder = path.rsplit_once('/').map_or(outermost, |(folder, _)| folder);
    while folder != outermost && files_in(tree, folder) < ENOUGH_FILES {
        folder = folder.rsplit_once('/').map_or(outermost, |(parent, _)| parent);
    }
    debug_assert!(is_within(path, folder));
    draft(folder, folder.to_owned(), Basis::Directory, "the nearest folder with three files, else the outermost")
}

fn files_in(tree: &Tree, folder: &str) -> usize {
    tree.folder(folder).map_or(0, |inside| inside.files.len())
}

fn draft(path: &str, name: String, basis: Basis, rule: &str) -> Draft {
    Draft { key: path.to_owned(), name, basis, rule: rule.to_owned(), paths: vec![path.to_owned()] }
}
