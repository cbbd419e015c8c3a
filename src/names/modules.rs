//! Which module a file belongs to: the units an architect moves. One file, one module; each module says which rule
//! named it. Rules depend on paths, configuration and what a file declares itself to be, never on percentages.

use super::javascript_modules::Workspace;
use super::{App, FactBase, Names, php_modules};
use crate::base::{FileId, Language, is_within};
use crate::config::Config;
use std::collections::BTreeMap;

/// Index of a [`Module`] in name order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ModuleId(pub u32);

impl ModuleId {
    /// As an index into the list of modules.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What made a stretch of the tree a module.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// `[[module]]` in unpick.toml.
    Config,
    /// A Django application.
    DjangoApp,
    /// A Python package.
    PythonPackage,
    /// A module of Magento 1 in one of its code pools.
    MagentoModule,
    /// A plugin or theme of WordPress.
    WordpressPlugin,
    /// A package of PHP that the repository keeps with others.
    ComposerPackage,
    /// A namespace of PHP that the framework is told of as a whole: a bundle of Symfony.
    PhpNamespace,
    /// A package of a JavaScript workspace.
    NpmPackage,
    /// A folder outside packages.
    Directory,
    /// A file on its own.
    File,
}

impl Basis {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::DjangoApp => "django_app",
            Self::PythonPackage => "python_package",
            Self::MagentoModule => "magento_module",
            Self::WordpressPlugin => "wordpress_plugin",
            Self::ComposerPackage => "composer_package",
            Self::PhpNamespace => "php_namespace",
            Self::NpmPackage => "npm_package",
            Self::Directory => "directory",
            Self::File => "file",
        }
    }
}

/// A unit of the monolith.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Module {
    /// Unique among modules.
    pub name: String,
    /// The kind of rule that made it one.
    pub basis: Basis,
    /// That rule in words.
    pub rule: String,
    /// Its folder, file or patterns.
    pub paths: Vec<String>,
}

/// Folder names that say what sort of code is inside, not what it is about: they never name a module (PLAN.md A.1).
const LAYERS: [&str; 34] = [
    "api",
    "apis",
    "contracts",
    "controllers",
    "crud",
    "dao",
    "daos",
    "db",
    "dto",
    "dtos",
    "endpoints",
    "entities",
    "entity",
    "forms",
    "handlers",
    "helpers",
    "http",
    "interfaces",
    "lib",
    "libs",
    "managers",
    "models",
    "repositories",
    "resources",
    "rest",
    "routers",
    "routes",
    "schemas",
    "serializers",
    "services",
    "tasks",
    "v1",
    "v2",
    "views",
];

/// How many files make a package or folder a module of its own.
pub(super) const ENOUGH_FILES: usize = 3;

/// A module before it has its final name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Draft {
    /// What identifies it: folder or file path, or `config:NAME`.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) basis: Basis,
    pub(super) rule: String,
    pub(super) paths: Vec<String>,
}

/// Gives every file its module.
pub(super) fn assign(base: &FactBase, names: &Names, config: &Config) -> (Vec<Module>, Vec<ModuleId>) {
    let chooser =
        Chooser { base, names, config, manifests: php_modules::Manifests::of(base), workspace: Workspace::of(base, names.packages()) };
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let keys: Vec<String> = base
        .ids()
        .map(|id| {
            let draft = chooser.choose(id);
            let key = draft.key.clone();
            drafts.entry(key.clone()).or_insert(draft);
            key
        })
        .collect();
    let named = unique_names(names, drafts.into_values().collect());
    let mut order: Vec<(String, usize)> = named.iter().enumerate().map(|(index, draft)| (draft.name.clone(), index)).collect();
    order.sort();
    let id_of: BTreeMap<&str, ModuleId> = order
        .iter()
        .enumerate()
        .map(|(id, (_, index))| (named[*index].key.as_str(), ModuleId(u32::try_from(id).expect("modules are counted in u32"))))
        .collect();
    let module_of = keys.iter().map(|key| id_of[key.as_str()]).collect();
    let modules = order
        .iter()
        .map(|(_, index)| {
            let draft = &named[*index];
            Module { name: draft.name.clone(), basis: draft.basis, rule: draft.rule.clone(), paths: draft.paths.clone() }
        })
        .collect();
    (modules, module_of)
}

/// Short names where they are unique; where two would be the same, dotted paths in Python and paths elsewhere or where even
/// those are the same.
fn unique_names(names: &Names, mut drafts: Vec<Draft>) -> Vec<Draft> {
    for pass in 0..2 {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for draft in &drafts {
            *count.entry(draft.name.clone()).or_default() += 1;
        }
        for draft in drafts.iter_mut().filter(|draft| count[&draft.name] > 1) {
            let python = matches!(draft.basis, Basis::DjangoApp | Basis::PythonPackage) || draft.key.ends_with(".py");
            draft.name = if pass == 0 && python { dotted_path(names, &draft.key) } else { draft.key.clone() };
        }
    }
    drafts
}

/// Files of SQL belong to their folder: they are not imported by anybody. A migration that has a folder of its own belongs
/// to the others.
fn scripts(path: &str) -> Draft {
    let own = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    let folder = own.find("migrations/").map_or(own, |at| &own[..at + "migrations".len()]);
    let rule = "a folder of SQL".to_owned();
    Draft { key: folder.to_owned(), name: folder.to_owned(), basis: Basis::Directory, rule, paths: vec![folder.to_owned()] }
}

/// A folder or file as Python would call it under the deepest root around it.
fn dotted_path(names: &Names, path: &str) -> String {
    let root = names.python_roots_around(path);
    let rest = if root.is_empty() { path } else { path.get(root.len() + 1..).unwrap_or(path) };
    rest.strip_suffix(".py").unwrap_or(rest).replace('/', ".")
}

fn of_app(app: &App) -> Draft {
    Draft {
        key: app.folder.clone(),
        name: app.label.clone(),
        basis: Basis::DjangoApp,
        rule: app.rule.to_owned(),
        paths: vec![app.folder.clone()],
    }
}

struct Chooser<'a> {
    base: &'a FactBase,
    names: &'a Names,
    config: &'a Config,
    manifests: php_modules::Manifests<'a>,
    workspace: Workspace,
}

impl Chooser<'_> {
    fn choose(&self, id: FileId) -> Draft {
        let path = self.base.path(id);
        if let Some(rule) = self.config.module_for(path) {
            return Draft {
                key: format!("config:{}", rule.name),
                name: rule.name.clone(),
                basis: Basis::Config,
                rule: "[[module]] in unpick.toml".to_owned(),
                paths: rule.paths.clone(),
            };
        }
        if let Some(app) = self.app_around(path) {
            return of_app(app);
        }
        if self.base.file(id).left_out {
            return self.set_apart(path);
        }
        let language = self.base.file(id).source.language;
        if language == Language::HTML {
            return self.page(path);
        }
        if [super::php::PHP, Language::TWIG, Language::XML, Language::YAML].contains(&language) {
            return php_modules::choose(self.names.tree(), &self.manifests, path);
        }
        if super::javascript::speaks(self.base.file(id).source.language) {
            return self.workspace.choose(path);
        }
        if language == Language::SQL {
            return scripts(path);
        }
        self.package(path)
    }

    /// Tests and other people's code outside applications are kept together by their outermost folder.
    fn set_apart(&self, path: &str) -> Draft {
        match path.split_once('/') {
            Some((top, _)) => Draft {
                key: top.to_owned(),
                name: top.to_owned(),
                basis: Basis::Directory,
                rule: "left out of the map, kept together by its folder".to_owned(),
                paths: vec![top.to_owned()],
            },
            None => self.file(path, "left out of the map"),
        }
    }

    fn app_around(&self, path: &str) -> Option<&App> {
        self.names.apps.iter().filter(|app| is_within(path, &app.folder)).max_by_key(|app| app.folder.len())
    }

    /// Walks down from the outermost package around a file until a package is about something.
    fn package(&self, path: &str) -> Draft {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let packages = self.packages_around(folder);
        let Some((top, rest)) = packages.split_first() else { return self.outside_packages(path, folder) };
        if !self.has_packages(top) {
            return self.file(path, "a flat package: each file is a module");
        }
        let mut home = top.as_str();
        for (at, package) in rest.iter().enumerate() {
            if is_layer(package) {
                // Nothing but layers from here on; a layer below a package that is about something is part of that one.
                if rest[at..].iter().all(|inner| is_layer(inner)) {
                    return self.file(path, "a folder of one layer never names a module");
                }
                continue;
            }
            let (direct, total) = self.python_files(package);
            if direct >= ENOUGH_FILES || self.has_router(package) || (total >= ENOUGH_FILES && !self.has_packages(package)) {
                return self.package_draft(package);
            }
            if total < ENOUGH_FILES {
                break;
            }
            home = package;
        }
        self.package_draft(home)
    }

    /// A page belongs to the Django application that its folder below `templates` is called after, to the package around
    /// it, in Python or JavaScript, else to its folder.
    fn page(&self, path: &str) -> Draft {
        let label = path.rsplit_once("templates/").and_then(|(_, inside)| Some(inside.split_once('/')?.0));
        let mut apps = self.names.apps.iter().filter(|app| Some(app.label.as_str()) == label);
        if let (Some(app), None) = (apps.next(), apps.next()) {
            return of_app(app);
        }
        let of_python = self.package(path);
        if of_python.basis == Basis::PythonPackage {
            return of_python;
        }
        let of_scripts = self.workspace.choose(path);
        if of_scripts.basis != Basis::File {
            return of_scripts;
        }
        php_modules::choose(self.names.tree(), &self.manifests, path)
    }

    /// The packages around a folder, outermost first; the scanned root itself is none.
    fn packages_around(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut at = folder;
        while !at.is_empty() {
            if self.names.tree().folder(at).is_some_and(|folder| folder.package.is_some()) {
                found.push(at.to_owned());
            } else if !found.is_empty() {
                break;
            }
            at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        found.reverse();
        found
    }

    fn has_packages(&self, folder: &str) -> bool {
        let tree = self.names.tree();
        tree.folder(folder).is_some_and(|inside| inside.folders.iter().any(|inner| self.holds_code(inner)))
    }

    /// True for a package that is more than tests or migrations.
    fn holds_code(&self, folder: &str) -> bool {
        let tree = self.names.tree();
        tree.folder(folder).is_some_and(|inside| {
            let package = inside.package.is_some_and(|file| {
                let entry = self.base.file(file);
                !entry.left_out && !entry.tags.contains(crate::base::Tag::Migration)
            });
            package && !folder.ends_with("/migrations")
        })
    }

    /// Python files directly in a package and in all of it, `__init__.py` aside.
    fn python_files(&self, folder: &str) -> (usize, usize) {
        let tree = self.names.tree();
        let Some(inside) = tree.folder(folder) else { return (0, 0) };
        let direct = inside.files.iter().filter(|file| tree.stem(**file).is_some_and(|stem| stem != "__init__")).count();
        let below: usize = inside.folders.iter().map(|inner| self.python_files(inner).1).sum();
        (direct, direct + below)
    }

    /// True when a file directly in the package makes a Flask blueprint or a FastAPI router.
    fn has_router(&self, folder: &str) -> bool {
        let Some(inside) = self.names.tree().folder(folder) else { return false };
        inside.files.iter().any(|file| {
            let facts = self.base.facts(*file);
            facts.calls.iter().any(|call| matches!(facts.last_name(call.callee), Some("Blueprint" | "APIRouter")))
        })
    }

    fn package_draft(&self, folder: &str) -> Draft {
        Draft {
            key: folder.to_owned(),
            name: dotted_path(self.names, folder),
            basis: Basis::PythonPackage,
            rule: "the first package that is about something".to_owned(),
            paths: vec![folder.to_owned()],
        }
    }

    fn outside_packages(&self, path: &str, folder: &str) -> Draft {
        let files = self.names.tree().folder(folder).map_or(0, |inside| inside.files.len());
        if folder.is_empty() || files < ENOUGH_FILES {
            return self.file(path, "a file outside packages");
        }
        Draft {
            key: folder.to_owned(),
            name: folder.to_owned(),
            basis: Basis::Directory,
            rule: "a folder of files outside packages".to_owned(),
            paths: vec![folder.to_owned()],
        }
    }

    fn file(&self, path: &str, rule: &str) -> Draft {
        Draft {
            key: path.to_owned(),
            name: dotted_path(self.names, path.strip_suffix("/__init__.py").unwrap_or(path)),
            basis: Basis::File,
            rule: rule.to_owned(),
            paths: vec![path.to_owned()],
        }
    }
}

pub(super) fn is_layer(folder: &str) -> bool {
    LAYERS.binary_search(&folder.rsplit('/').next().unwrap_or(folder)).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn layers_are_sorted_so_that_they_can_be_searched() {
        assert!(super::LAYERS.is_sorted());
    }
}
