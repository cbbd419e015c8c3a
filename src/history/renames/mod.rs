//! What files of an older tree are called now.
//!
//! Only names that vanished are matched, and only with names that appeared, so a file that is still there never counts
//! as renamed. From the surest to the vaguest: equal content that exists once on each side; small files, and contents
//! that exist several times, whose folder moved; equal content under the same name or the most similar path; similar
//! content (half of it, as for git); and at last files of the same name in a folder most of whose files moved.
//!
//! The answer depends on the two sets of paths and their contents only, never on the order they come in. Line ends do
//! not count: a checkout may have other ones than git stores.

mod content;
mod folders;
mod pairs;
#[cfg(test)]
mod tests;

use crate::base::RelPath;
use content::{Key, Lines};
use std::collections::{BTreeMap, BTreeSet};

/// Old names and new names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Renames {
    /// New name by old name.
    pub map: BTreeMap<RelPath, RelPath>,
}

impl Renames {
    /// What an old file is called now; `None` when it kept its name or is gone.
    #[must_use]
    pub fn new_name_of(&self, old: &str) -> Option<&str> {
        self.map.get(&RelPath::new(old)).map(RelPath::as_str)
    }
}

/// Matches the files of an older tree with those of a newer one.
///
/// The closures give a file's content, and are asked only about names that vanished or appeared, at most twice each;
/// `None` for a file that cannot be read, which then goes by its name alone.
pub fn renames(
    old: &[RelPath],
    new: &[RelPath],
    mut read_old: impl FnMut(&RelPath) -> Option<Vec<u8>>,
    mut read_new: impl FnMut(&RelPath) -> Option<Vec<u8>>,
) -> Renames {
    let old: BTreeSet<&RelPath> = old.iter().collect();
    let new: BTreeSet<&RelPath> = new.iter().collect();
    let stayed: Vec<&RelPath> = old.intersection(&new).copied().collect();
    let vanished: Vec<&RelPath> = old.difference(&new).copied().collect();
    let appeared: Vec<&RelPath> = new.difference(&old).copied().collect();
    if vanished.is_empty() || appeared.is_empty() {
        return Renames::default();
    }
    let mut matching = Matching { old: Side::new(vanished, &mut read_old), new: Side::new(appeared, &mut read_new) };
    pairs::equal_and_alone(&mut matching);
    folders::follow(&mut matching, &stayed, folders::Which::EqualOrSmall);
    pairs::equal(&mut matching);
    matching.old.read_lines(&mut read_old);
    matching.new.read_lines(&mut read_new);
    pairs::similar(&mut matching);
    folders::follow(&mut matching, &stayed, folders::Which::Any);
    pairs::empty(&mut matching);
    matching.result()
}

/// The files of one tree that the other lacks, by path.
struct Side<'a> {
    paths: Vec<&'a RelPath>,
    keys: Vec<Option<Key>>,
    lines: Vec<Option<Lines>>,
    partner: Vec<Option<usize>>,
}

impl<'a> Side<'a> {
    fn new(paths: Vec<&'a RelPath>, read: &mut impl FnMut(&RelPath) -> Option<Vec<u8>>) -> Self {
        let keys = paths.iter().map(|path| read(path).map(|bytes| Key::of(&bytes))).collect();
        let count = paths.len();
        Self { paths, keys, lines: (0..count).map(|_| None).collect(), partner: vec![None; count] }
    }

    /// Reads what is needed to say how similar two files are; nothing for small ones, which resemble each other anyway.
    fn read_lines(&mut self, read: &mut impl FnMut(&RelPath) -> Option<Vec<u8>>) {
        for at in 0..self.paths.len() {
            let worth = self.partner[at].is_none() && self.keys[at].is_some_and(|key| !key.small);
            self.lines[at] = if worth { read(self.paths[at]).and_then(|bytes| Lines::of(&bytes)) } else { None };
        }
    }

    /// Those without a partner yet.
    fn free(&self) -> impl Iterator<Item = usize> {
        (0..self.paths.len()).filter(|at| self.partner[*at].is_none())
    }

    /// The place of a path.
    fn place(&self, path: &str) -> Option<usize> {
        self.paths.binary_search_by(|other| other.as_str().cmp(path)).ok()
    }
}

/// Both sides, and who belongs to whom so far.
struct Matching<'a> {
    old: Side<'a>,
    new: Side<'a>,
}

impl Matching<'_> {
    fn pair(&mut self, old: usize, new: usize) {
        self.old.partner[old] = Some(new);
        self.new.partner[new] = Some(old);
    }

    fn both_free(&self, old: usize, new: usize) -> bool {
        self.old.partner[old].is_none() && self.new.partner[new].is_none()
    }

    fn result(&self) -> Renames {
        let pairs = self.old.partner.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?)));
        Renames { map: pairs.map(|(old, new)| (self.old.paths[old].clone(), self.new.paths[new].clone())).collect() }
    }
}
