//! Matches by content, and among equally good ones by path.

use super::Matching;
use super::content::Key;
use crate::base::RelPath;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Most comparisons of one file with another; beyond that only files of equal name are compared.
const MOST_COMPARISONS: usize = 1_000_000;

/// How good a match is: similarity, same name, common end of the path; the larger the better.
type Rank = (u64, bool, usize);

/// Pairs contents that exist once on each side.
pub(super) fn equal_and_alone(matching: &mut Matching) {
    for (old, new) in by_content(matching).into_values() {
        if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
            matching.pair(*old, *new);
        }
    }
}

/// Pairs equal contents that exist several times: same name first, then the longest common end of the path.
pub(super) fn equal(matching: &mut Matching) {
    for (old, new) in by_content(matching).into_values() {
        if old.len().saturating_mul(new.len()) > MOST_COMPARISONS {
            continue;
        }
        let pairs = old.iter().flat_map(|old| new.iter().map(|new| (*old, *new)));
        let ranked = pairs.map(|(old, new)| (rank(matching, 0, old, new), old, new)).collect();
        take_best(matching, ranked);
    }
}

/// Pairs files that share half of their content.
pub(super) fn similar(matching: &mut Matching) {
    let old: Vec<usize> = matching.old.free().filter(|at| matching.old.lines[*at].is_some()).collect();
    let new: Vec<usize> = matching.new.free().filter(|at| matching.new.lines[*at].is_some()).collect();
    let mut ranked = Vec::new();
    if old.len().saturating_mul(new.len()) <= MOST_COMPARISONS {
        compare(matching, &old, &new, &mut ranked);
    } else {
        let mut by_name: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for at in old {
            by_name.entry(matching.old.paths[at].name()).or_default().0.push(at);
        }
        for at in new {
            by_name.entry(matching.new.paths[at].name()).or_default().1.push(at);
        }
        let mut left = MOST_COMPARISONS;
        for (old, new) in by_name.into_values() {
            let work = old.len().saturating_mul(new.len());
            if work <= left {
                left -= work;
                compare(matching, &old, &new, &mut ranked);
            }
        }
    }
    take_best(matching, ranked);
}

/// Pairs empty files nothing else is known about when there is one of that name on each side.
pub(super) fn empty(matching: &mut Matching) {
    let mut by_name: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for at in matching.old.free().filter(|at| matching.old.keys[*at].is_some_and(|key| key.empty)) {
        by_name.entry(matching.old.paths[at].name()).or_default().0.push(at);
    }
    for at in matching.new.free().filter(|at| matching.new.keys[*at].is_some_and(|key| key.empty)) {
        by_name.entry(matching.new.paths[at].name()).or_default().1.push(at);
    }
    for (old, new) in by_name.into_values() {
        if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
            matching.pair(*old, *new);
        }
    }
}

/// Free files of both sides by content; empty ones say nothing and are left to their folders.
fn by_content(matching: &Matching) -> BTreeMap<Key, (Vec<usize>, Vec<usize>)> {
    let mut groups: BTreeMap<Key, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, key) in matching.old.free().filter_map(|at| Some((at, matching.old.keys[at]?))) {
        groups.entry(key).or_default().0.push(at);
    }
    for (at, key) in matching.new.free().filter_map(|at| Some((at, matching.new.keys[at]?))) {
        groups.entry(key).or_default().1.push(at);
    }
    groups.retain(|key, (old, new)| !key.empty && !old.is_empty() && !new.is_empty());
    groups
}

fn compare(matching: &Matching, old: &[usize], new: &[usize], ranked: &mut Vec<(Rank, usize, usize)>) {
    for &old in old {
        let Some(lines) = &matching.old.lines[old] else { continue };
        for &new in new {
            let score = matching.new.lines[new].as_ref().and_then(|other| lines.similarity(other));
            if let Some(score) = score {
                ranked.push((rank(matching, score, old, new), old, new));
            }
        }
    }
}

fn rank(matching: &Matching, score: u64, old: usize, new: usize) -> Rank {
    let (old, new) = (matching.old.paths[old], matching.new.paths[new]);
    (score, old.name() == new.name(), common_end(old, new))
}

/// The best pair first, then the best of what is left; places are in path order, so ties are decided by path.
fn take_best(matching: &mut Matching, mut ranked: Vec<(Rank, usize, usize)>) {
    ranked.sort_unstable_by_key(|(rank, old, new)| (Reverse(*rank), *old, *new));
    for (_, old, new) in ranked {
        if matching.both_free(old, new) {
            matching.pair(old, new);
        }
    }
}

/// How many parts two paths have in common, counted from the end.
fn common_end(a: &RelPath, b: &RelPath) -> usize {
    a.as_str().rsplit('/').zip(b.as_str().rsplit('/')).take_while(|(a, b)| a == b).count()
}
