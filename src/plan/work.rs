//! What the history of the checkout says of atoms and candidates: how much is done where, by how many, and what changes
//! together (PLAN.md A.10 and C).

use super::costs::{Labels, NONE};
use super::facts::{CoChange, Commit, Facts};
use std::collections::{BTreeMap, BTreeSet};

/// Pieces that were touched less often say nothing of what they change with (the defaults of code-maat).
const REVISIONS: u32 = 5;
/// Nor do pairs that were touched together less often.
const SHARED: u32 = 5;
/// Nor do those that mostly change alone, in percent.
const DEGREE: u32 = 30;
/// A candidate hangs on one person who writes more of its commits, in percent.
pub const ONE_PERSON: u32 = 80;
/// Of so many commits at least.
pub const SOME_COMMITS: u32 = 5;

/// How much of all work each of `count` atoms takes; nothing without commits.
#[must_use]
pub fn churn(commits: &[Commit], count: usize) -> Vec<f64> {
    let mut churn = vec![0.0; count];
    for commit in commits {
        let part = 1.0 / (commit.atoms.len() * commits.len()) as f64;
        commit.atoms.iter().for_each(|atom| churn[*atom] += part);
    }
    churn
}

/// Pairs of atoms that change together. `counts` says which atoms may be in one: of several parts of a file nobody can tell
/// which one a commit changed.
#[must_use]
pub fn co_changes(commits: &[Commit], counts: &dyn Fn(usize) -> bool) -> Vec<CoChange> {
    let mut revisions: BTreeMap<usize, u32> = BTreeMap::new();
    let mut shared: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for commit in commits {
        let atoms: Vec<usize> = commit.atoms.iter().copied().filter(|atom| counts(*atom)).collect();
        for (at, a) in atoms.iter().enumerate() {
            *revisions.entry(*a).or_default() += 1;
            for b in &atoms[at + 1..] {
                *shared.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let pair = |((a, b), shared): ((usize, usize), u32)| {
        let [of_a, of_b] = [a, b].map(|atom| revisions[&atom]);
        let degree = 200 * shared / (of_a + of_b);
        let enough = of_a.min(of_b) >= REVISIONS && shared >= SHARED && degree >= DEGREE;
        enough.then_some(CoChange { a, b, shared, degree: degree as u8 })
    };
    shared.into_iter().filter_map(pair).collect()
}

/// What was done in a candidate.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Work {
    /// Commits that touch it.
    pub commits: u32,
    /// Its share of all work.
    pub share: f64,
    /// People who wrote these commits.
    pub authors: u32,
    /// Those of them who worked on no other candidate.
    pub own_authors: u32,
    /// Share of its commits that are of the one who wrote most, in percent.
    pub main_author: u32,
}

impl Work {
    /// How much of the team works nowhere else, between 0 and 1.
    #[must_use]
    pub fn team(self) -> f64 {
        if self.authors == 0 { 0.0 } else { f64::from(self.own_authors) / f64::from(self.authors) }
    }

    /// One person knows it.
    #[must_use]
    pub fn hangs_on_one(self) -> bool {
        self.commits >= SOME_COMMITS && self.main_author > ONE_PERSON
    }
}

/// The work in each of `count` candidates; none where no history is known.
#[must_use]
pub fn works(facts: &Facts, labels: &Labels, count: usize) -> Option<Vec<Work>> {
    if facts.commits.is_empty() {
        return None;
    }
    let mut of_author: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); count];
    for commit in &facts.commits {
        let touched: BTreeSet<u32> = commit.atoms.iter().map(|atom| labels[*atom]).filter(|label| *label != NONE).collect();
        for candidate in touched {
            *of_author[candidate as usize].entry(commit.author).or_default() += 1;
        }
    }
    let mut places: BTreeMap<u32, u32> = BTreeMap::new();
    for author in of_author.iter().flat_map(BTreeMap::keys) {
        *places.entry(*author).or_default() += 1;
    }
    let mut share = vec![0.0; count];
    for (atom, label) in facts.atoms.iter().zip(labels).filter(|(_, label)| **label != NONE) {
        share[*label as usize] += atom.churn;
    }
    let work = |(authors, share): (BTreeMap<u32, u32>, f64)| {
        let commits: u32 = authors.values().sum();
        Work {
            commits,
            share,
            authors: authors.len() as u32,
            own_authors: authors.keys().filter(|author| places[author] == 1).count() as u32,
            main_author: authors.values().max().map_or(0, |most| most * 100 / commits),
        }
    };
    Some(of_author.into_iter().zip(share).map(work).collect())
}

/// Pairs that change together over the border of a candidate, the closest first, each with the atom inside first. A pair
/// that neither depends on each other nor uses a table in common is coupled by something nobody wrote down.
#[must_use]
pub fn across(facts: &Facts, labels: &Labels, candidate: u32) -> Vec<(usize, usize, CoChange, bool)> {
    let mut rows: Vec<(usize, usize, CoChange, bool)> = Vec::new();
    for pair in &facts.co_changes {
        let (one, other) = match (labels[pair.a] == candidate, labels[pair.b] == candidate) {
            (true, false) => (pair.a, pair.b),
            (false, true) => (pair.b, pair.a),
            _ => continue,
        };
        rows.push((one, other, *pair, is_hidden(facts, pair)));
    }
    rows.sort_by_key(|(one, other, pair, _)| (std::cmp::Reverse((pair.degree, pair.shared)), *one, *other));
    rows
}

fn is_hidden(facts: &Facts, pair: &CoChange) -> bool {
    let depends = |from: usize, to: usize| facts.dependencies.binary_search_by_key(&(from, to), |row| (row.from, row.to)).is_ok();
    let tables = |atom: usize| {
        let first = facts.accesses.partition_point(|access| access.atom < atom);
        facts.accesses[first..].iter().take_while(move |access| access.atom == atom).map(|access| access.table)
    };
    let common = || {
        let own: BTreeSet<usize> = tables(pair.a).collect();
        tables(pair.b).any(|table| own.contains(&table))
    };
    !depends(pair.a, pair.b) && !depends(pair.b, pair.a) && !common()
}

#[cfg(test)]
mod tests {
    use super::{Work, across, churn, co_changes, works};
    use crate::plan::facts::{Access, Atom, CoChange, Commit, Dependency, Facts, Table};

    fn commits(rows: &[(&[usize], u32, usize)]) -> Vec<Commit> {
        rows.iter().flat_map(|(atoms, author, times)| vec![Commit { atoms: atoms.to_vec(), author: *author }; *times]).collect()
    }

    #[test]
    fn pieces_that_change_together_often_enough_are_a_pair() {
        // 0 and 1: 6 of 8 and 6; 0 and 2: twice; 3 and 4: five of 20 and 5, 40 %; 3 and 5: five of 20 and 25, 22 %.
        let rows = commits(&[(&[0, 1], 0, 6), (&[0, 2], 0, 2), (&[3, 4, 5], 0, 5), (&[3], 0, 15), (&[5], 0, 20)]);
        let pair = |a, b, shared, degree| CoChange { a, b, shared, degree };
        assert_eq!(co_changes(&rows, &|_| true), [pair(0, 1, 6, 85), pair(3, 4, 5, 40), pair(4, 5, 5, 33)]);
        assert_eq!(co_changes(&rows, &|atom| atom != 4), [pair(0, 1, 6, 85)]);
    }

    #[test]
    fn a_commit_counts_for_each_piece_by_its_part() {
        assert_eq!(churn(&commits(&[(&[0, 1], 0, 1), (&[1], 0, 1)]), 3), [0.25, 0.75, 0.0]);
        assert_eq!(churn(&[], 2), [0.0, 0.0]);
    }

    #[test]
    fn who_works_where_is_told() {
        let mut facts = Facts { atoms: vec![Atom::default(); 3], ..Facts::default() };
        assert_eq!(works(&facts, &[0, 1, 1], 2), None);
        facts.commits = commits(&[(&[0], 1, 9), (&[0, 1], 2, 1), (&[2], 3, 2)]);
        for (atom, churn) in facts.atoms.iter_mut().zip([0.79, 0.04, 0.17]) {
            atom.churn = churn;
        }
        let found = works(&facts, &[0, 1, 1], 2).unwrap();
        assert_eq!(found[0], Work { commits: 10, share: 0.79, authors: 2, own_authors: 1, main_author: 90 });
        assert_eq!((found[1].commits, found[1].authors, found[1].own_authors, found[1].main_author), (3, 2, 1, 66));
        assert!(found[0].hangs_on_one() && !found[1].hangs_on_one());
        assert_eq!(found[0].team(), 0.5);
    }

    #[test]
    fn what_changes_together_for_no_reason_in_the_code_is_hidden() {
        let pair = |a, b| CoChange { a, b, shared: 5, degree: 50 };
        let facts = Facts {
            atoms: vec![Atom::default(); 4],
            tables: vec![Table::default()],
            dependencies: vec![Dependency { from: 1, to: 0, ..Dependency::default() }],
            accesses: [0, 2].map(|atom| Access { atom, reads: 1, ..Access::default() }).to_vec(),
            co_changes: vec![pair(0, 1), pair(0, 2), pair(0, 3), pair(1, 2)],
            ..Facts::default()
        };
        let found: Vec<(usize, usize, bool)> =
            across(&facts, &[0, 1, 1, 1], 1).into_iter().map(|(one, other, _, hidden)| (one, other, hidden)).collect();
        assert_eq!(found, [(1, 0, false), (2, 0, false), (3, 0, true)]);
    }
}
