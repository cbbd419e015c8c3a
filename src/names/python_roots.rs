//! Source roots: the folders Python looks in, found without running anything.
//!
//! Every folder outside packages may be on the path: the checkout, `src`, one folder per service, a folder of scripts.
//! A few packages are on it too because somebody put them there (`sys.path.insert`), or because the scanned folder is
//! itself the package (`shop.cart` written inside `shop/`). Those are learnt from the imports that would fit.

use super::by_dotted_name::{Found, descend, first};
use super::by_symbol::Exports;
use super::{FactBase, Tree, stdlib};
use crate::base::{FileId, RelPath, is_within, join};
use crate::facts::{Import, Shape, Target, ValueId};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The folders names start at.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// Every root, in order of their discovery: configured, outside packages in path order, learnt.
    pub(super) folders: Vec<String>,
    /// Same order: a root that is no accident, so that what lies around it may be named without further proof.
    pub(super) strong: Vec<bool>,
    /// The roots that hold a first name, as indices into `folders`.
    pub(super) by_head: FxHashMap<String, Vec<u32>>,
    /// The name by which imports call the scanned folder itself.
    pub(super) own_name: Option<String>,
}

/// How many imports must fit before a package counts as a root on their word alone, from how many files.
const ENOUGH: (usize, usize) = (5, 3);

pub(super) fn learn(base: &FactBase, tree: &Tree, exports: &[Exports], configured: &[crate::base::RelPath]) -> Roots {
    let mut roots = Roots::default();
    for folder in configured.iter().map(RelPath::as_str).filter(|folder| tree.folder(folder).is_some()) {
        roots.add(tree, folder, true);
    }
    for (path, folder) in tree.folders() {
        if !inside_package(tree, path) && !roots.folders.iter().any(|known| known == path) {
            let holds_package = folder.folders.iter().any(|inner| tree.folder(inner).is_some_and(|inner| inner.package.is_some()));
            roots.add(tree, path, path.is_empty() || holds_package || is_project(tree, path));
        }
    }
    let open = unclaimed(base, &roots);
    roots.own_name = own_name(tree, &open);
    for folder in learnt(base, tree, exports, &open) {
        roots.add(tree, &folder, true);
    }
    roots
}

impl Roots {
    fn add(&mut self, tree: &Tree, path: &str, strong: bool) {
        let Some(folder) = tree.folder(path) else { return };
        let index = u32::try_from(self.folders.len()).expect("folders are counted in u32");
        self.folders.push(path.to_owned());
        self.strong.push(strong);
        let mut heads = BTreeSet::new();
        heads.extend(folder.folders.iter().map(|inner| inner.rsplit('/').next().unwrap_or(inner).to_owned()));
        heads.extend(folder.files.iter().filter_map(|file| tree.stem(*file)).filter(|stem| *stem != "__init__").map(str::to_owned));
        for head in heads {
            self.by_head.entry(head).or_default().push(index);
        }
    }
}

/// True when a folder or one above it (the scanned root aside) is a package.
fn inside_package(tree: &Tree, path: &str) -> bool {
    let mut at = path;
    while !at.is_empty() {
        if tree.folder(at).is_some_and(|folder| folder.package.is_some()) {
            return true;
        }
        at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    false
}

fn is_project(tree: &Tree, path: &str) -> bool {
    ["manage.py", "setup.py", "wsgi.py", "asgi.py"].iter().any(|name| tree.file(&join(path, name)).is_some())
}

/// An absolute import no root answers.
struct Unclaimed<'a> {
    from: FileId,
    path: &'a str,
    symbol: Option<&'a str>,
}

fn unclaimed<'a>(base: &'a FactBase, roots: &Roots) -> Vec<Unclaimed<'a>> {
    let mut open = Vec::new();
    for from in base.ids() {
        let facts = base.facts(from);
        for Import { target, symbol, .. } in &facts.imports {
            let Target::Dotted { level: 0, path } = *target else { continue };
            let path = facts.text(path);
            if !roots.by_head.contains_key(first(path)) && !stdlib::has(first(path)) {
                open.push(Unclaimed { from, path, symbol: symbol.map(|symbol| facts.text(symbol)) });
            }
        }
    }
    open
}

/// The first name under which most imports fit when it is taken to mean the scanned root, which must be a package.
fn own_name(tree: &Tree, open: &[Unclaimed<'_>]) -> Option<String> {
    tree.folder("")?.package?;
    let mut votes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for import in open {
        let vote = votes.entry(first(import.path)).or_default();
        vote.1 += 1;
        let rest = import.path.split_once('.').map(|(_, rest)| rest);
        let fits = match (rest, import.symbol) {
            (Some(rest), _) => matches!(descend(tree, "", rest), Some(Found::File(_))),
            (None, Some(symbol)) => tree.python_module("", symbol).is_some(),
            (None, None) => false,
        };
        vote.0 += usize::from(fits);
    }
    let (name, (fits, of)) = votes.into_iter().max_by_key(|(name, (fits, _))| (*fits, std::cmp::Reverse(*name)))?;
    (fits >= 3 && fits * 5 >= of * 4).then(|| name.to_owned())
}

/// Packages that imports treat as roots: named in a `sys.path` call, or fitting many imports by the names they make.
fn learnt(base: &FactBase, tree: &Tree, exports: &[Exports], open: &[Unclaimed<'_>]) -> Vec<String> {
    let mut holders: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let folders = tree.folders();
    let wanted: BTreeSet<&str> = open.iter().map(|import| first(import.path)).collect();
    for (path, folder) in folders.iter().filter(|(path, _)| inside_package(tree, path)) {
        let inner = folder.folders.iter().map(|inner| inner.rsplit('/').next().unwrap_or(inner));
        let files = folder.files.iter().filter_map(|file| tree.stem(*file));
        for name in inner.chain(files).filter(|name| wanted.contains(name)) {
            holders.entry(name).or_default().push(path);
        }
    }
    let mut votes: BTreeMap<&str, (usize, usize, BTreeSet<FileId>)> = BTreeMap::new();
    for import in open {
        for folder in holders.get(first(import.path)).into_iter().flatten() {
            let vote = votes.entry(folder).or_default();
            vote.1 += 1;
            if fits(base, tree, exports, folder, import) {
                vote.0 += 1;
                vote.2.insert(import.from);
            }
        }
    }
    let named = on_sys_path(base);
    votes
        .into_iter()
        .filter(|(folder, (fits, of, files))| {
            let told = *fits > 0 && named.iter().any(|name| *folder == name || folder.ends_with(&format!("/{name}")));
            told || (*fits >= ENOUGH.0 && files.len() >= ENOUGH.1 && fits * 10 >= of * 9)
        })
        .map(|(folder, _)| folder.to_owned())
        .collect()
}

fn fits(base: &FactBase, tree: &Tree, exports: &[Exports], folder: &str, import: &Unclaimed<'_>) -> bool {
    if !is_within(base.path(import.from), folder) && base.file(import.from).left_out {
        return false;
    }
    let Some(Found::File(file)) = descend(tree, folder, import.path) else { return false };
    match import.symbol {
        None | Some("*") => import.path.contains('.'),
        Some(symbol) => {
            exports[file.index()].makes(base.facts(file), symbol)
                || tree.package_folder(file).is_some_and(|package| tree.python_module(package, symbol).is_some())
        }
    }
}

/// The last folder names that `sys.path.insert(0, join(ROOT, "apps"))` and its kin put on the path.
fn on_sys_path(base: &FactBase) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for id in base.ids() {
        let facts = base.facts(id);
        if facts.texts.find("sys").is_none() {
            continue;
        }
        for call in &facts.calls {
            let name = facts.dotted(call.callee);
            if !matches!(name.as_deref(), Some("sys.path.insert" | "sys.path.append" | "site.addsitedir")) {
                continue;
            }
            let last = facts.arguments_of(call).last().map(|argument| argument.value);
            named.extend(last.and_then(|value| last_literal(base, id, value)));
        }
    }
    named
}

/// The last path part written in a value: `apps` of `os.path.join(BASE, "apps")`, `BASE / "apps"`, `BASE + "/apps"`.
fn last_literal(base: &FactBase, file: FileId, value: ValueId) -> Option<String> {
    let facts = base.facts(file);
    let inner = |value: &ValueId| last_literal(base, file, *value);
    match facts.value(value).shape {
        Shape::Literal(text) => {
            let path = facts.text(text).trim_matches('/').trim_start_matches("./");
            (!path.is_empty() && !path.starts_with("..")).then(|| path.to_owned())
        }
        Shape::Call(_) => facts.arguments_of(facts.as_call(value)?).iter().rev().find_map(|argument| inner(&argument.value)),
        Shape::Joined(_, right) => inner(&right),
        Shape::Template(parts) | Shape::Other(parts) => facts.items(parts).iter().rev().find_map(inner),
        _ => None,
    }
}
