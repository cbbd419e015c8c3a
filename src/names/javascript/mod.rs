//! JavaScript and TypeScript: which file an import means, as Node, TypeScript and bundlers find it.
//!
//! `oxc_resolver` does the finding, over a view of our own tree: no file is read, nothing outside of the tree is seen,
//! nothing has to be installed. `tree_view` shows the packages of the tree under `node_modules`, as a workspace would.

mod aliases;
mod fold;
mod manifests;
mod resolver;
mod tree_view;

use super::{FactBase, Meaning, Tree};
use crate::base::{FileId, Language, Problem};
use crate::facts::{FileFacts, Import, Target, ValueId};
use aliases::Aliases;
use manifests::Manifests;
use resolver::Resolver;

pub use manifests::Package;

/// True for JavaScript and TypeScript.
#[must_use]
pub fn speaks(language: Language) -> bool {
    matches!(language.0, "javascript" | "typescript")
}

/// The path of the tree that code puts together from literals and its own folder, with a slash before it.
#[must_use]
pub fn folded_path(base: &FactBase, file: FileId, value: ValueId) -> Option<String> {
    fold::path(base, file, value, "")
}

/// What imports of JavaScript and TypeScript mean.
#[derive(Debug, Default)]
pub(super) struct JavascriptNames {
    packages: Vec<Package>,
    aliases: Aliases,
    resolver: Option<Resolver>,
    problems: Vec<Problem>,
}

impl JavascriptNames {
    pub(super) fn learn(base: &FactBase) -> Self {
        if !base.files.iter().any(|file| speaks(file.source.language)) {
            return Self::default();
        }
        let manifests = Manifests::read(&base.manifests);
        let aliases = Aliases::learn(base, &manifests.packages);
        let resolver = Resolver::new(base, &manifests);
        Self { packages: manifests.packages, aliases, resolver: Some(resolver), problems: manifests.problems }
    }

    /// The packages of the tree, by folder.
    pub(super) fn packages(&self) -> &[Package] {
        &self.packages
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What an import of a file means.
    pub(super) fn import(&self, base: &FactBase, tree: &Tree, from: FileId, import: &Import) -> Meaning {
        let facts = base.facts(from);
        let (written, folded) = match import.target {
            Target::Path(text) | Target::Package(text) => (facts.text(text), None),
            Target::Computed(value) => match fold::path(base, from, value, self.package_folder(base.path(from))) {
                Some(path) => ("", Some(path)),
                None => return Meaning::Missing("its name is put together at run time".to_owned()),
            },
            Target::Dotted { .. } | Target::Symbol(_) => return Meaning::External,
        };
        let specifier = folded.as_deref().unwrap_or(written);
        match self.find(base.path(from), specifier) {
            Some(path) => match tree.file(&path) {
                Some(file) => meaning(facts, import, file),
                None => Meaning::Namespace(path),
            },
            None => self.missing(import, specifier),
        }
    }

    /// The path in the tree that a specifier means.
    fn find(&self, from: &str, specifier: &str) -> Option<String> {
        let resolver = self.resolver.as_ref()?;
        resolver.find(from, specifier).or_else(|| self.aliases.targets(from, specifier).find_map(|target| resolver.find(from, &target)))
    }

    fn missing(&self, import: &Import, specifier: &str) -> Meaning {
        let bare = specifier.split(['?', '#']).next().filter(|bare| !bare.is_empty()).unwrap_or(specifier);
        let name = package_name(bare);
        match import.target {
            Target::Path(_) if specifier.starts_with('/') => Meaning::External,
            Target::Path(_) | Target::Computed(_) => Meaning::Missing(format!("no file {bare} from here")),
            _ if self.packages.iter().any(|package| package.name.as_deref() == Some(name)) => {
                Meaning::Missing(format!("the package {name} is in this tree, but nothing in it answers to {bare}"))
            }
            // No package can have such a name.
            _ if specifier.starts_with('#') || name.starts_with("@/") || name.starts_with('~') => {
                Meaning::Missing(format!("{bare} is no package, and no tsconfig.json or alias of a bundler leads to a file"))
            }
            _ => Meaning::External,
        }
    }

    /// The folder of the innermost package around a file.
    pub(super) fn package_folder(&self, path: &str) -> &str {
        manifests::package_around(&self.packages, path).map_or("", |package| package.folder.as_str())
    }
}

fn meaning(facts: &FileFacts, import: &Import, file: FileId) -> Meaning {
    match import.symbol {
        Some(symbol) if facts.text(symbol) != "*" => Meaning::Symbol(file),
        _ => Meaning::Module(file),
    }
}

/// `@scope/name` of `@scope/name/path`, `name` of `name/path`.
fn package_name(specifier: &str) -> &str {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    match specifier.match_indices('/').nth(parts - 1) {
        Some((at, _)) => &specifier[..at.max(1)],
        None => specifier,
    }
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn a_package_is_named_by_its_first_part_or_two() {
        assert_eq!(package_name("lodash/map"), "lodash");
        assert_eq!(package_name("@scope/name/path"), "@scope/name");
        assert_eq!(package_name("@scope/name"), "@scope/name");
        assert_eq!(package_name("lodash"), "lodash");
        assert_eq!(package_name(""), "");
    }
}
