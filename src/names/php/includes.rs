//! Which file an `include` means.

use super::fold::{Place, ROOT, Roots, flat, key_of};
use crate::base::{FileId, is_within, join, plain};
use crate::facts::{DefinitionId, FileFacts, Import, Shape, Target, Text, ValueId};
use crate::names::{FactBase, Meaning, Tree};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How many includes must fit before a root is learnt from them.
const ENOUGH: usize = 3;

/// The roots and search folders of the tree.
#[derive(Debug, Default)]
pub(super) struct Includes {
    roots: Roots,
    /// Folders that `set_include_path` names, each with the folder of the file that does.
    path: Vec<(String, String)>,
    /// Files that are no source, which an include may still mean.
    others: BTreeSet<String>,
}

impl Includes {
    pub(super) fn learn(base: &FactBase) -> Self {
        let mut includes = Self {
            roots: Roots::learn(base),
            others: base.other_paths.iter().map(|path| path.as_str().to_owned()).collect(),
            ..Self::default()
        };
        includes.roots.learnt = includes.learnt(base);
        includes.path = includes.include_path(base);
        includes
    }

    /// What the tree gives a constant.
    pub(super) fn constant(&self, name: &str) -> impl Iterator<Item = (FileId, ValueId)> {
        self.roots.constant(name)
    }

    /// A root that no assignment tells is where the includes that begin with it fit: at least three, three out of five,
    /// and more than anywhere else.
    fn learnt(&self, base: &FactBase) -> FxHashMap<String, String> {
        let mut by_name: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for file in base.ids() {
            let path = base.path(file);
            by_name.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push(path);
        }
        let mut rests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in base.ids() {
            for import in &base.facts(file).imports {
                if let Some((key, rest)) = self.open_root(Place { base, file, owner: import.owner }, import) {
                    rests.entry(key).or_default().insert(rest);
                }
            }
        }
        let mut learnt = FxHashMap::default();
        for (key, rests) in rests {
            let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
            for rest in &rests {
                let name = rest.rsplit('/').next().unwrap_or(rest);
                let fitting = by_name.get(name).map_or(&[][..], Vec::as_slice).iter().filter_map(|path| {
                    let folder = path.strip_suffix(rest.as_str())?;
                    (folder.is_empty() || folder.ends_with('/')).then(|| folder.trim_end_matches('/'))
                });
                fitting.for_each(|folder| *votes.entry(folder).or_default() += 1);
            }
            let mut order: Vec<(usize, &str)> = votes.into_iter().map(|(folder, count)| (count, folder)).collect();
            order.sort_by_key(|(count, folder)| (std::cmp::Reverse(*count), *folder));
            if let Some((count, folder)) = order.first()
                && *count >= ENOUGH
                && count * 5 >= rests.len() * 3
                && order.get(1).is_none_or(|(next, _)| next < count)
            {
                // `ROOT . 'a.php'` and `ROOT . '/a.php'` both end there: paths are cleaned of double slashes.
                learnt.insert(key, format!("{ROOT}/{folder}/"));
            }
        }
        learnt
    }

    /// For `$config['base_path'] . '/lib/a.php'` with a root that does not fold to a folder: what stands for the root, and
    /// the literal rest.
    fn open_root(&self, at: Place<'_>, import: &Import) -> Option<(String, String)> {
        let Target::Computed(value) = import.target else { return None };
        let facts = at.base.facts(at.file);
        let parts = match facts.value(value).shape {
            Shape::Template(parts) => facts.items(parts).to_vec(),
            _ => flat(facts, value),
        };
        let (first, rest) = parts.split_first()?;
        let key = match facts.value(*first).shape {
            Shape::Name(name) if !facts.text(name).starts_with(['$', '_']) => facts.text(name).trim_start_matches('\\').to_owned(),
            Shape::Member(..) | Shape::Item(..) => key_of(facts, *first)?,
            _ => return None,
        };
        if self.roots.fold(at, *first).iter().any(|path| path.starts_with(ROOT)) {
            return None;
        }
        let mut text = String::new();
        for part in rest {
            match &self.roots.fold(at, *part)[..] {
                [only] => text.push_str(only),
                _ => return None,
            }
        }
        let path = text.trim_start_matches('/');
        (!path.is_empty()).then(|| (key, path.to_owned()))
    }

    /// Folders that `set_include_path` and `ini_set('include_path', ...)` name, in path order of the files that do.
    fn include_path(&self, base: &FactBase) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for file in base.ids().filter(|id| base.file(*id).source.language == super::PHP) {
            let facts = base.facts(file);
            for call in &facts.calls {
                let Some(name) = facts.as_name(call.callee) else { continue };
                let arguments = facts.arguments_of(call);
                let value = match (facts.text(name).to_ascii_lowercase().as_str(), arguments) {
                    ("set_include_path", [value, ..]) => value.value,
                    ("ini_set", [option, value, ..]) if facts.as_literal(option.value) == Some("include_path") => value.value,
                    _ => continue,
                };
                let at = Place { base, file, owner: facts.owner_of(call.value) };
                let by = base.path(file).rsplit_once('/').map_or("", |(folder, _)| folder);
                for folder in self.folders(at, value) {
                    let row = (folder, by.to_owned());
                    if !found.contains(&row) {
                        found.push(row);
                    }
                }
            }
        }
        found
    }

    /// The folders in `a . PATH_SEPARATOR . b`, as far as they can be told; a part may itself be `implode`d out of a list.
    fn folders(&self, at: Place<'_>, value: ValueId) -> Vec<String> {
        let facts = at.base.facts(at.file);
        let mut found = Vec::new();
        let mut present = Some(String::new());
        for part in flat(facts, value) {
            if let Some(list) = imploded(facts, at.owner, part) {
                let folders = list.into_iter().flat_map(|folder| self.roots.fold(at, folder));
                found.extend(folders.filter_map(|folder| in_tree(&folder, "")));
                continue;
            }
            match (&self.roots.fold(at, part)[..], &mut present) {
                ([only], _) if only == ":" => {
                    let text = present.replace(String::new()).unwrap_or_default();
                    found.extend(text.split(':').filter_map(|folder| in_tree(folder, "")));
                }
                ([only], Some(text)) => text.push_str(only),
                _ => present = None,
            }
        }
        found.extend(present.unwrap_or_default().split(':').filter_map(|folder| in_tree(folder, "")));
        found
    }

    /// The file an include means. Several possible values count only where one file is there.
    pub(super) fn find(&self, base: &FactBase, tree: &Tree, from: FileId, import: &Import, value: ValueId) -> Meaning {
        let at = Place { base, file: from, owner: import.owner };
        let folded = self.roots.fold(at, value);
        if folded.is_empty() {
            return Meaning::Missing("what is included is put together at run time".to_owned());
        }
        let mut files: Vec<FileId> = folded.iter().filter_map(|path| self.file(base, tree, from, path)).collect();
        files.sort_unstable();
        files.dedup();
        match (&files[..], &folded[..]) {
            ([only], _) => Meaning::Module(*only),
            ([first, second, ..], _) => Meaning::Missing(format!("it may mean {} or {}", base.path(*first), base.path(*second))),
            ([], folded) => self.no_source(base.path(from), folded),
        }
    }

    fn no_source(&self, from: &str, folded: &[String]) -> Meaning {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        for path in folded {
            if let Some(path) = in_tree(path, folder)
                && self.others.contains(&path)
            {
                return Meaning::Namespace(path);
            }
        }
        match folded.iter().find(|path| !path.starts_with('/') && !path.contains("://")) {
            Some(path) if path.is_empty() => Meaning::Missing("what is included is put together at run time".to_owned()),
            Some(path) => Meaning::Missing(format!("there is no {}", path.trim_start_matches(ROOT).trim_start_matches('/'))),
            None => Meaning::External,
        }
    }

    /// The file at a folded path. A path without a root is looked for beside the including file, then from every folder
    /// above it (the program may have been started there), then along the include path.
    fn file(&self, base: &FactBase, tree: &Tree, from: FileId, path: &str) -> Option<FileId> {
        if path.starts_with('/') {
            return None;
        }
        if path.starts_with(ROOT) {
            return tree.file(&in_tree(path, "")?);
        }
        let mut folder = base.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            if let Some(found) = in_tree(path, folder).and_then(|path| tree.file(&path)) {
                return Some(found);
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        // PHP looks along the include path for nothing that begins with a dot. Who set it speaks for its own folder; a bare
        // `config.php` elsewhere may be any file.
        let applies = |by: &str| path.contains('/') || is_within(base.path(from), by);
        let mut folders = self.path.iter().filter(|(_, by)| !path.starts_with('.') && applies(by));
        folders.find_map(|(folder, _)| tree.file(&in_tree(path, folder)?))
    }
}

/// The list that `implode` makes one text of, directly or through one variable: `$a = array(x); $a[] = y; implode(':', $a)`.
fn imploded(facts: &FileFacts, owner: Option<DefinitionId>, value: ValueId) -> Option<Vec<ValueId>> {
    let given = |name: Text| facts.bindings_in(owner).filter(move |binding| facts.as_name(binding.target) == Some(name));
    let value = match facts.as_name(value) {
        Some(name) => given(name).filter(|binding| binding.target < value).last()?.value?,
        None => value,
    };
    let call = facts.as_call(value)?;
    if !matches!(facts.last_name(call.callee)?.trim_start_matches('\\'), "implode" | "join") {
        return None;
    }
    let list = facts.arguments_of(call).last()?.value;
    if let Shape::List(parts) = facts.value(list).shape {
        return Some(facts.items(parts).to_vec());
    }
    let name = facts.as_name(list)?;
    let mut parts = Vec::new();
    for binding in facts.bindings_in(owner).filter(|binding| binding.target < value) {
        let Some(given) = binding.value else { continue };
        match facts.value(binding.target).shape {
            Shape::Name(target) if target == name => match facts.value(given).shape {
                Shape::List(items) => parts = facts.items(items).to_vec(),
                _ => return None,
            },
            Shape::Item(object, _) if facts.as_name(object) == Some(name) => parts.push(given),
            _ => {}
        }
    }
    Some(parts)
}

/// A folded path without its dots, relative to the scanned folder; none where it leads out of it.
fn in_tree(path: &str, folder: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') {
        return None;
    }
    let whole = match path.strip_prefix(ROOT) {
        Some(rest) => rest.to_owned(),
        None => join(folder, path),
    };
    plain(&whole.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::in_tree;

    #[test]
    fn dots_are_taken_out_and_never_lead_out_of_the_tree() {
        assert_eq!(in_tree("../b/./c.php", "a/x").as_deref(), Some("a/b/c.php"));
        assert_eq!(in_tree("\u{1}/a//b.php", "ignored").as_deref(), Some("a/b.php"));
        assert_eq!(in_tree("../../b.php", "a"), None);
        assert_eq!(in_tree("/etc/b.php", "a"), None);
    }
}
