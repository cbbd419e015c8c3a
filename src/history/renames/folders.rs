//! Files that follow their folder: when most files of a folder moved to one place, same-named leftovers went there too.

use super::Matching;
use crate::base::{RelPath, join};
use std::collections::{BTreeMap, HashMap};

/// Which leftovers may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Small files, and files that are the same there.
    EqualOrSmall,
    /// All.
    Any,
}

/// Pairs what is left over in folders that moved.
pub(super) fn follow(matching: &mut Matching, stayed: &[&RelPath], which: Which) {
    let moves = moves(matching, stayed);
    if moves.is_empty() {
        return;
    }
    let free: Vec<usize> = matching.old.free().collect();
    for old in free {
        if let Some(new) = target(matching, &moves, matching.old.paths[old].as_str())
            && matching.both_free(old, new)
            && may_follow(matching, old, new, which)
        {
            matching.pair(old, new);
        }
    }
}

fn may_follow(matching: &Matching, old: usize, new: usize, which: Which) -> bool {
    match (matching.old.keys[old], matching.new.keys[new]) {
        _ if which == Which::Any => true,
        (Some(old), Some(new)) => old == new || old.small && new.small,
        _ => false,
    }
}

/// Where a leftover would be now: in the new place of the nearest folder above it that moved.
fn target(matching: &Matching, moves: &BTreeMap<&str, &str>, path: &str) -> Option<usize> {
    let (folder, place) = folders_above(path).find_map(|folder| Some((folder, *moves.get(folder)?)))?;
    let rest = path[folder.len()..].trim_start_matches('/');
    matching.new.place(&join(place, rest))
}

/// Folders whose files, as far as is known, mostly went to one other folder.
fn moves<'a>(matching: &Matching<'a>, stayed: &[&'a RelPath]) -> BTreeMap<&'a str, &'a str> {
    let mut votes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (old, new) in matching.old.partner.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?))) {
        let (old, new) = (matching.old.paths[old], matching.new.paths[new]);
        for pair in folder_pairs(old, new) {
            *votes.entry(pair).or_default() += 1;
        }
        for folder in folders_above(old.as_str()) {
            *known.entry(folder).or_default() += 1;
        }
    }
    if votes.is_empty() {
        return BTreeMap::new();
    }
    for folder in stayed.iter().flat_map(|path| folders_above(path.as_str())) {
        *known.entry(folder).or_default() += 1;
    }
    let most = |folder: &str, count: usize| known.get(folder).is_some_and(|known| count * 2 > *known);
    votes.into_iter().filter(|((old, new), count)| old != new && most(old, *count)).map(|(pair, _)| pair).collect()
}

/// The folders a match says something about: that of the file, and those above as long as they are called the same.
fn folder_pairs<'a>(old: &'a RelPath, new: &'a RelPath) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![(old.parent(), new.parent())];
    let (mut old, mut new) = (old.parent(), new.parent());
    while let (Some((old_above, old_name)), Some((new_above, new_name))) = (split(old), split(new)) {
        if old_name != new_name || old == new {
            break;
        }
        pairs.push((old_above, new_above));
        (old, new) = (old_above, new_above);
    }
    pairs
}

/// A folder as the folder above and its own name; `None` for the root.
fn split(folder: &str) -> Option<(&str, &str)> {
    if folder.is_empty() { None } else { Some(folder.rsplit_once('/').unwrap_or(("", folder))) }
}

/// The folders above a path, the nearest first, the root last.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder).or(Some("")), |folder| split(folder).map(|(above, _)| above))
}
