//! Which file a name means: modules, files, symbols. Knows no framework's semantics and no syntax tree.

mod app_parts;
mod by_dotted_name;
mod by_symbol;
mod django_apps;
pub mod javascript;
mod javascript_modules;
mod meaning;
mod modules;
pub mod php;
mod php_features;
mod php_modules;
mod python_roots;
mod scope;
mod stdlib;
mod tree;

pub use by_dotted_name::Found;
pub use by_symbol::{Export, Home};
pub use django_apps::App;
pub use meaning::Named;
pub use modules::{Basis, Module, ModuleId};
pub use scope::Pointed;
pub use tree::Tree;

use crate::base::{FileId, SourceFile, Tags};
use crate::config::Config;
use crate::facts::{FileFacts, Import, Target};
use by_dotted_name::DottedNames;
use by_symbol::Exports;
use javascript::JavascriptNames;
use php::PhpNames;
use scope::Scope;

/// One file of the tree with what it says; files that were not read have empty facts.
#[derive(Debug)]
pub struct FileEntry {
    /// Where it is and what it is.
    pub source: SourceFile,
    /// What it says.
    pub facts: FileFacts,
    /// What path and content say about it.
    pub tags: Tags,
    /// Its tags keep it out of the graph and of every figure.
    pub left_out: bool,
    /// How reading it went.
    pub status: crate::base::Status,
}

/// A file beside the code that says what names in the code mean: `package.json`, `tsconfig.json`, `schema.prisma`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// Where it is.
    pub path: crate::base::RelPath,
    /// What it says.
    pub text: String,
}

/// True for the files that [`Manifest`]s are made of.
#[must_use]
pub fn says_what_names_mean(path: &crate::base::RelPath) -> bool {
    let name = path.name();
    let config = |name: &str| name.starts_with("tsconfig") || name.starts_with("jsconfig");
    matches!(name, "package.json" | "composer.json")
        || name.ends_with(".prisma")
        || (name.ends_with(".json") && (config(name) || path.parent().split('/').any(config)))
}

/// Everything that was read, in path order; the index is the [`FileId`].
#[derive(Debug, Default)]
pub struct FactBase {
    /// One row per file.
    pub files: Vec<FileEntry>,
    /// Every other file of the tree that no rule ignores.
    pub other_paths: Vec<crate::base::RelPath>,
    /// Those among the others that say what names mean.
    pub manifests: Vec<Manifest>,
}

impl FactBase {
    /// The row of a file.
    #[must_use]
    pub fn file(&self, id: FileId) -> &FileEntry {
        &self.files[id.index()]
    }

    /// The facts of a file.
    #[must_use]
    pub fn facts(&self, id: FileId) -> &FileFacts {
        &self.files[id.index()].facts
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.files[id.index()].source.path.as_str()
    }

    /// Every id, in path order.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..u32::try_from(self.files.len()).expect("files are counted in u32")).map(FileId)
    }
}

/// What an imported name means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A file of the tree as a whole.
    Module(FileId),
    /// A name inside a file of the tree.
    Symbol(FileId),
    /// A folder without a file of its own (namespace package), or a file that is no source.
    Namespace(String),
    /// Somebody else's code.
    External,
    /// Ours by its name, yet not there; the sentence says what was looked for.
    Missing(String),
}

impl Meaning {
    /// The file it means.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::Module(file) | Self::Symbol(file) => Some(*file),
            _ => None,
        }
    }
}

/// The answers to "which file is meant".
pub struct Names {
    /// Modules in name order.
    pub modules: Vec<Module>,
    /// The module of every file.
    pub module_of: Vec<ModuleId>,
    /// Django applications, by label and by folder.
    pub apps: Vec<App>,
    tree: Tree,
    dotted: DottedNames,
    php: PhpNames,
    javascript: JavascriptNames,
    exports: Vec<Exports>,
    scopes: Vec<Scope>,
    meanings: Vec<Vec<Meaning>>,
}

impl Names {
    /// Learns the tree's names from its paths and facts.
    #[must_use]
    pub fn learn(base: &FactBase, config: &Config) -> Self {
        let tree = Tree::of(base);
        let exports: Vec<Exports> = base.files.iter().map(|file| Exports::of(&file.facts)).collect();
        let dotted = DottedNames::learn(base, &tree, &exports, &config.scan.source_roots);
        let php = PhpNames::learn(base);
        let javascript = JavascriptNames::learn(base);
        let mut names = Self {
            modules: Vec::new(),
            module_of: Vec::new(),
            apps: Vec::new(),
            tree,
            dotted,
            php,
            javascript,
            exports,
            scopes: Vec::new(),
            meanings: Vec::new(),
        };
        names.scopes = base.files.iter().map(|file| Scope::of(&file.facts)).collect();
        names.meanings =
            base.ids().map(|id| base.facts(id).imports.iter().map(|import| names.read_import(base, id, import)).collect()).collect();
        names.php.note_includes(base, &names.meanings);
        names.apps = django_apps::find(base, &names);
        (names.modules, names.module_of) = modules::assign(base, &names, config);
        names
    }

    /// The folders and files of the tree.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The source roots of Python, for those who want to know why a name resolved.
    #[must_use]
    pub fn python_roots(&self) -> &[String] {
        self.dotted.roots()
    }

    /// The deepest real source root around a path.
    #[must_use]
    pub fn python_roots_around(&self, path: &str) -> &str {
        self.dotted.root_around(path)
    }

    fn read_import(&self, base: &FactBase, from: FileId, import: &Import) -> Meaning {
        let facts = base.facts(from);
        if javascript::speaks(base.file(from).source.language) {
            return self.javascript.import(base, &self.tree, from, import);
        }
        match import.target {
            Target::Dotted { level, path } => {
                let symbol = import.symbol.map(|symbol| facts.text(symbol));
                self.dotted.import(base, &self.tree, &self.exports, from, level, facts.text(path), symbol)
            }
            Target::Symbol(_) | Target::Computed(_) => self.php.import(base, &self.tree, from, import),
            Target::Path(_) | Target::Package(_) => Meaning::External,
        }
    }

    /// What the imports of a file mean, in the order of its list of imports.
    #[must_use]
    pub fn imports(&self, file: FileId) -> &[Meaning] {
        &self.meanings[file.index()]
    }

    /// The file or folder an absolute dotted name means, seen from a file.
    #[must_use]
    pub fn dotted(&self, base: &FactBase, from: FileId, path: &str) -> Option<Found> {
        self.dotted.absolute(base, &self.tree, from, path)
    }

    /// What a module-level name of a file is.
    #[must_use]
    pub fn export(&self, base: &FactBase, file: FileId, name: &str) -> Option<Export> {
        self.exports[file.index()].find(base.facts(file), name)
    }

    /// The definition of a PHP class or function, seen from a file.
    #[must_use]
    pub fn php(&self, base: &FactBase, from: FileId, sort: php::Sort, name: &php::Qualified) -> Option<php::Place> {
        self.php.find(base, from, sort, name)
    }

    /// The packages of JavaScript in the tree, by folder.
    #[must_use]
    pub fn packages(&self) -> &[javascript::Package] {
        self.javascript.packages()
    }

    /// What `define()` and `const` give a constant of PHP, in path order.
    pub fn php_constant(&self, name: &str) -> impl Iterator<Item = (FileId, crate::facts::ValueId)> {
        self.php.constant(name)
    }

    /// What is doubtful about names themselves: one name with several definitions, a manifest that cannot be read.
    #[must_use]
    pub fn problems(&self, base: &FactBase) -> Vec<crate::base::Problem> {
        let mut problems = self.php.problems(base);
        problems.extend_from_slice(self.javascript.problems());
        problems
    }

    /// The module a file belongs to.
    #[must_use]
    pub fn module(&self, file: FileId) -> &Module {
        &self.modules[self.module_of[file.index()].index()]
    }
}
