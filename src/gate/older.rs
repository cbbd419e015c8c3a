//! What an older tree says about today's findings: what things were called then, and which dependencies are not new.

use super::compare::{Renames, rename};
use crate::analyses::gated::{self, Fact, Scope};
use crate::base::{RelPath, Tag};
use crate::graph::views::Level;
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// Old paths and what they are called today; paths that stayed are not in it.
pub type Moved = BTreeMap<RelPath, RelPath>;

/// Names that changed and facts that are not new.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Carried {
    /// What old names are called today.
    pub renames: Renames,
    /// Facts of today that were true in the older tree.
    pub facts: BTreeSet<Fact>,
}

/// Reads an older tree against today's.
#[must_use]
pub fn carry(old: &Project, new: &Project, moved: &Moved, scope: &Scope) -> Carried {
    let mut renames = Renames::new();
    for (before, after) in moved {
        renames.insert((Level::File.word().to_owned(), before.as_str().to_owned()), after.as_str().to_owned());
    }
    renames.extend(classes(old, moved));
    renames.extend(modules(old, new, moved).into_iter().map(|(before, after)| ((Level::Module.word().to_owned(), before), after)));
    let mut facts: BTreeSet<Fact> = gated::facts(old, scope).iter().map(|fact| rename(fact, &renames)).collect();
    facts.extend(gated::GATED.iter().flat_map(|row| (row.kept)(old, new, moved, scope)));
    Carried { renames, facts }
}

/// Classes of moved files, as findings name them: `path:Class`.
fn classes(old: &Project, moved: &Moved) -> Renames {
    let mut renamed = Renames::new();
    for (before, after) in moved {
        let Some(file) = old.names.tree().file(before.as_str()) else { continue };
        let facts = old.base.facts(file);
        for (id, _) in facts.definitions().filter(|(_, definition)| definition.kind.is_type()) {
            let name = facts.qualified_name(id);
            renamed.insert(("class".to_owned(), format!("{before}:{name}")), format!("{after}:{name}"));
        }
    }
    renamed
}

/// Old modules whose name is gone, with the module that most of their files belong to today.
fn modules(old: &Project, new: &Project, moved: &Moved) -> BTreeMap<String, String> {
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for file in old.own_files().filter(|file| !old.base.file(*file).tags.contains(Tag::Migration)) {
        let path = &old.base.file(file).source.path;
        let today = moved.get(path).unwrap_or(path);
        if let Some(file_today) = new.names.tree().file(today.as_str()) {
            let name = new.names.module(file_today).name.as_str();
            *votes.entry(old.names.module(file).name.as_str()).or_default().entry(name).or_default() += 1;
        }
    }
    let mut renamed = BTreeMap::new();
    for (before, candidates) in votes {
        let still_there = new.node(Level::Module, before).is_some();
        let best = candidates.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)));
        if let (false, Some((after, _))) = (still_there, best) {
            renamed.insert(before.to_owned(), after.to_owned());
        }
    }
    renamed
}
