//! Names that bundlers are told to take for folders: `alias: { '@': path.resolve(__dirname, 'src') }`.

use super::manifests::{Package, package_around};
use super::{fold, speaks};
use crate::base::{FileId, is_within};
use crate::facts::{FileFacts, Shape, ValueId};
use crate::names::FactBase;

/// One name and what it stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Alias {
    /// The folder of the package whose files may use it.
    scope: String,
    name: String,
    /// Only the name itself, nothing below it (`name$`).
    exact: bool,
    /// A path of the tree with a slash before it.
    target: String,
}

/// Every name of the tree.
#[derive(Debug, Default)]
pub(super) struct Aliases(Vec<Alias>);

impl Aliases {
    /// Reads every object that is called `alias` and holds paths, whatever the file is called: build scripts have many
    /// names.
    pub(super) fn learn(base: &FactBase, packages: &[Package]) -> Self {
        let mut found = Vec::new();
        for package in packages {
            for (name, target) in &package.aliases {
                found.push(Alias { scope: package.folder.clone(), name: name.clone(), exact: false, target: format!("/{target}") });
            }
        }
        for file in base.ids().filter(|file| speaks(base.file(*file).source.language)) {
            found.extend(conventional(base, file));
            let facts = base.facts(file);
            if facts.texts.find("alias").is_none() {
                continue;
            }
            let package = package_around(packages, base.path(file)).map_or("", |package| &package.folder);
            for entry in &facts.entries {
                if entry.key.and_then(|key| facts.as_literal(key)) == Some("alias") {
                    collect(base, file, facts, entry.value, package, &mut found);
                }
            }
        }
        // Longer names first: `@/api` is meant before `@`.
        found.sort_by(|a, b| (b.scope.len(), b.name.len()).cmp(&(a.scope.len(), a.name.len())).then_with(|| a.cmp(b)));
        found.dedup();
        Self(found)
    }

    /// What a specifier may mean, where one of the names stands at its beginning; the likeliest first.
    pub(super) fn targets(&self, from: &str, specifier: &str) -> impl Iterator<Item = String> {
        self.0.iter().filter(move |alias| is_within(from, &alias.scope)).filter_map(move |alias| {
            let rest = specifier.strip_prefix(&alias.name)?;
            let fits = rest.is_empty() || (!alias.exact && (rest.starts_with('/') || alias.name.ends_with('/')));
            fits.then(|| format!("{}{}{rest}", alias.target, if alias.name.ends_with('/') && !rest.starts_with('/') { "/" } else { "" }))
        })
    }
}

/// The names that a framework has for folders without being told, by the name of its config.
fn conventional(base: &FactBase, file: FileId) -> Vec<Alias> {
    let path = &base.file(file).source.path;
    let below: &[(&str, &str)] = match path.name().split_once(".config.").map(|(tool, _)| tool) {
        Some("nuxt") => &[("~~", ""), ("@@", ""), ("~", ""), ("@", ""), ("~", "app"), ("@", "app"), ("~", "src"), ("@", "src")],
        Some("vue") => &[("@", "src")],
        Some("svelte") => &[("$lib", "src/lib")],
        _ => return Vec::new(),
    };
    let folder = path.parent();
    let alias = |(name, inside): &(&str, &str)| Alias {
        scope: folder.to_owned(),
        name: (*name).to_owned(),
        exact: false,
        target: format!("/{}", crate::base::plain(&crate::base::join(folder, inside)).unwrap_or_default()).trim_end_matches('/').to_owned(),
    };
    below.iter().map(alias).collect()
}

/// `{ name: path }`, or `[{ find: name, replacement: path }]`.
fn collect(base: &FactBase, file: FileId, facts: &FileFacts, value: ValueId, package: &str, found: &mut Vec<Alias>) {
    let mut add = |name: &str, value: ValueId| {
        let Some(target) = fold::path(base, file, value, package).and_then(|path| beside(base, file, &path)) else { return };
        let (name, exact) = name.strip_suffix('$').map_or((name, false), |name| (name, true));
        found.push(Alias { scope: package.to_owned(), name: name.to_owned(), exact, target });
    };
    match facts.value(value).shape {
        Shape::Map(entries) => {
            for entry in &facts.entries[entries.range()] {
                if let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) {
                    add(name, entry.value);
                }
            }
        }
        Shape::List(items) => {
            for item in facts.items(items) {
                let Shape::Map(entries) = facts.value(*item).shape else { continue };
                let entries = &facts.entries[entries.range()];
                let of = |wanted: &str| {
                    entries.iter().find(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some(wanted)).map(|entry| entry.value)
                };
                if let (Some(name), Some(value)) = (of("find").and_then(|name| facts.as_literal(name)), of("replacement")) {
                    add(name, value);
                }
            }
        }
        _ => {}
    }
}

/// A full path as it is, a relative one from the file's folder; none for what is only a name.
fn beside(base: &FactBase, file: FileId, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return Some(path.to_owned());
    }
    let folder = base.file(file).source.path.parent();
    let below = path.strip_prefix('.').map(|_| crate::base::plain(&crate::base::join(folder, path)))??;
    Some(format!("/{below}"))
}
