//! Python's module names: absolute ones under the source roots, relative ones beside the file.

use super::by_symbol::{Export, Exports};
use super::python_roots::{self, Roots};
use super::stdlib;
use super::{FactBase, Meaning, Tree};
use crate::base::{FileId, is_within, join};
use crate::facts::Target;

/// What a dotted name is in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// A module, or a package by its `__init__.py`.
    File(FileId),
    /// A folder without `__init__.py`.
    Folder(String),
}

/// Dotted names and the roots they start at.
#[derive(Debug, Default)]
pub(super) struct DottedNames {
    roots: Roots,
}

impl DottedNames {
    pub(super) fn learn(base: &FactBase, tree: &Tree, exports: &[Exports], configured: &[crate::base::RelPath]) -> Self {
        Self { roots: python_roots::learn(base, tree, exports, configured) }
    }

    pub(super) fn roots(&self) -> &[String] {
        &self.roots.folders
    }

    /// The deepest strong root around a path.
    pub(super) fn root_around(&self, path: &str) -> &str {
        let roots = self.roots.folders.iter().zip(&self.roots.strong);
        let around = roots.filter(|(root, strong)| **strong && *root != path && is_within(path, root));
        around.map(|(root, _)| root.as_str()).max_by_key(|root| root.len()).unwrap_or("")
    }

    /// What an import statement's name means. `symbol` is the name after `import` in a `from` statement.
    #[allow(clippy::too_many_arguments, reason = "the parts of one import statement and the three tables that answer it")]
    pub(super) fn import(
        &self,
        base: &FactBase,
        tree: &Tree,
        exports: &[Exports],
        from: FileId,
        level: u32,
        path: &str,
        symbol: Option<&str>,
    ) -> Meaning {
        if level > 0 {
            let Some(folder) = package_above(base, from, level) else {
                return Meaning::Missing(format!("{} dots lead out of the scanned tree", level));
            };
            return match descend(tree, folder, path) {
                Some(found) => with_symbol(tree, found, symbol),
                None => Meaning::Missing(format!("no {} in {}", path, if folder.is_empty() { "the root" } else { folder })),
            };
        }
        if let Some(found) = self.implicitly_relative(base, tree, from, path) {
            return with_symbol(tree, found, symbol);
        }
        self.under_roots(base, tree, exports, from, path, symbol)
    }

    #[allow(clippy::too_many_arguments, reason = "as above")]
    fn under_roots(&self, base: &FactBase, tree: &Tree, exports: &[Exports], from: FileId, path: &str, symbol: Option<&str>) -> Meaning {
        let mut ours = false;
        for candidate in self.candidates(base, from, path) {
            let Some(found) = descend(tree, candidate.root, candidate.rest(path)) else {
                ours |= candidate.trusted && (candidate.own_name || owns_head(tree, candidate.root, path));
                continue;
            };
            if !candidate.trusted && !convincing(base, tree, exports, &found, path, symbol) {
                continue;
            }
            match (with_symbol(tree, found, symbol), candidate.trusted) {
                // A folder without __init__.py proves nothing: any folder can share a library's name.
                (Meaning::Missing(_) | Meaning::Namespace(_), _) => {}
                (meaning, _) => return meaning,
            }
        }
        if ours { Meaning::Missing(format!("{} is here, but not {path}", first(path))) } else { Meaning::External }
    }

    /// Absolute names outside import statements: settings strings, dotted view names.
    pub(super) fn absolute(&self, base: &FactBase, tree: &Tree, from: FileId, path: &str) -> Option<Found> {
        self.candidates(base, from, path).into_iter().find_map(|candidate| descend(tree, candidate.root, candidate.rest(path)))
    }

    /// The roots that hold the first part of a name, those around the importing file first, deeper before shallower.
    fn candidates(&self, base: &FactBase, from: FileId, path: &str) -> Vec<Candidate<'_>> {
        let head = first(path);
        let mut found: Vec<Candidate<'_>> = Vec::new();
        if self.roots.own_name.as_deref() == Some(head) {
            found.push(Candidate { root: "", own_name: true, trusted: true });
        }
        let importer = base.path(from);
        for index in self.roots.by_head.get(head).into_iter().flatten() {
            let root = self.roots.folders[*index as usize].as_str();
            let trusted = self.roots.strong[*index as usize] && is_within(importer, root);
            found.push(Candidate { root, own_name: false, trusted });
        }
        if found.len() > 1 {
            found.sort_by_cached_key(|candidate| rank(importer, candidate));
        }
        found
    }

    /// Python 2 looks beside the file before it looks at the path.
    fn implicitly_relative(&self, base: &FactBase, tree: &Tree, from: FileId, path: &str) -> Option<Found> {
        if !base.facts(from).legacy {
            return None;
        }
        let found = descend(tree, base.file(from).source.path.parent(), path)?;
        (found != Found::File(from)).then_some(found)
    }
}

/// A root under which a name may be found.
struct Candidate<'a> {
    root: &'a str,
    /// The first part of the name is another name of the root itself.
    own_name: bool,
    /// A real root around the importing file: what is under it is meant, no further proof needed.
    trusted: bool,
}

impl Candidate<'_> {
    /// What of the dotted path is to be looked for under the root.
    fn rest<'p>(&self, path: &'p str) -> &'p str {
        if self.own_name { path.split_once('.').map_or("", |(_, rest)| rest) } else { path }
    }
}

/// Sort key of a root as seen from a file: trusted ones first, the deepest of those first; then the nearest ones.
fn rank(importer: &str, candidate: &Candidate<'_>) -> (bool, std::cmp::Reverse<usize>, String) {
    let root = candidate.root;
    let shared = importer.bytes().zip(root.bytes()).take_while(|(a, b)| a == b).count();
    (!candidate.trusted, std::cmp::Reverse(shared), root.to_owned())
}

pub(super) fn first(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn owns_head(tree: &Tree, root: &str, path: &str) -> bool {
    tree.folder(&join(root, first(path))).is_some_and(|folder| folder.package.is_some())
}

/// A root that is not around the importing file, or is one by accident, must not catch imports of well-known libraries
/// that share a folder's name. So the name must not be the standard library's, and the symbol must be made there.
fn convincing(base: &FactBase, tree: &Tree, exports: &[Exports], found: &Found, path: &str, symbol: Option<&str>) -> bool {
    if stdlib::has(first(path)) {
        return false;
    }
    let Found::File(file) = *found else { return true };
    if base.file(file).left_out {
        return false;
    }
    let Some(symbol) = symbol.filter(|symbol| *symbol != "*") else { return true };
    let facts = base.facts(file);
    match exports[file.index()].find(facts, symbol) {
        // A file that imports the symbol under the same first name is a user of the library, not the library.
        Some(Export::Import(index)) => match facts.imports[index as usize].target {
            Target::Dotted { level: 0, path: other } => first(facts.text(other)) != first(path),
            _ => true,
        },
        Some(_) => true,
        None => tree.package_folder(file).is_some_and(|folder| tree.python_module(folder, symbol).is_some()),
    }
}

/// The folder that `level` dots mean in a file.
fn package_above(base: &FactBase, from: FileId, level: u32) -> Option<&str> {
    let mut folder = base.file(from).source.path.parent();
    for _ in 1..level {
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    Some(folder)
}

/// Follows a dotted path down from a folder. The empty path means the folder itself.
pub(super) fn descend(tree: &Tree, root: &str, path: &str) -> Option<Found> {
    if path.is_empty() {
        let folder = tree.folder(root)?;
        return Some(folder.package.map_or_else(|| Found::Folder(root.to_owned()), Found::File));
    }
    let mut folder = root.to_owned();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        if part.is_empty() {
            return None;
        }
        let next = join(&folder, part);
        if parts.peek().is_some() {
            folder = next;
            tree.folder(&folder)?;
            continue;
        }
        return tree
            .python_module(&folder, part)
            .map(Found::File)
            .or_else(|| tree.folder(&next).is_some().then(|| Found::Folder(next.clone())));
    }
    None
}

/// What `from found import symbol` means: a submodule if there is one, else the name inside the file.
fn with_symbol(tree: &Tree, found: Found, symbol: Option<&str>) -> Meaning {
    let Some(symbol) = symbol else {
        return match found {
            Found::File(file) => Meaning::Module(file),
            Found::Folder(folder) => Meaning::Namespace(folder),
        };
    };
    match found {
        Found::File(file) => match tree.package_folder(file) {
            Some(folder) if symbol != "*" => tree.python_module(folder, symbol).map_or(Meaning::Symbol(file), Meaning::Module),
            _ => Meaning::Symbol(file),
        },
        Found::Folder(folder) => match tree.python_module(&folder, symbol) {
            Some(module) => Meaning::Module(module),
            None if tree.folder(&join(&folder, symbol)).is_some() => Meaning::Namespace(join(&folder, symbol)),
            None => Meaning::Missing(format!("no {symbol} in {folder}, which is a folder without __init__.py")),
        },
    }
}
