//! Who commits to files: the people to ask about what the files do.

use super::Repository;
use gix::ObjectId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Commits looked at, nearest to HEAD first: who worked on a file long ago may have left long ago.
const LOOKED_AT: usize = 3_000;

/// Somebody who changed one of several files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committer {
    /// The author's name as git keeps it.
    pub name: String,
    /// How many commits of theirs changed one of the files.
    pub commits: u32,
}

/// Names by file, with how many commits of each changed it.
#[derive(Clone, Default, Debug)]
pub struct Committers(BTreeMap<String, BTreeMap<String, BTreeSet<ObjectId>>>);

impl Committers {
    /// Who changed files of a list, most commits first; robots are left out.
    #[must_use]
    pub fn of<'a>(&self, paths: impl Iterator<Item = &'a str>) -> Vec<Committer> {
        let mut found: BTreeMap<&str, BTreeSet<ObjectId>> = BTreeMap::new();
        for (name, commits) in paths.filter_map(|path| self.0.get(path)).flatten() {
            found.entry(name).or_default().extend(commits);
        }
        let count = |commits: BTreeSet<ObjectId>| u32::try_from(commits.len()).unwrap_or(u32::MAX);
        let rows = found.into_iter().map(|(name, commits)| Committer { name: name.to_owned(), commits: count(commits) });
        let mut rows: Vec<Committer> = rows.collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.commits));
        rows
    }
}

/// A path below the top of the checkout, part by part, and the same as the caller writes it.
type Wanted<'a> = (Vec<&'a str>, &'a str);

impl Repository {
    /// Who changed files, by the newest commits reachable from HEAD. Merges change nothing themselves. What this clone does not
    /// have (it is shallow, or partial) is passed over: names are a courtesy beside a finding.
    #[must_use]
    pub fn committers(&self, paths: &BTreeSet<String>) -> Committers {
        let mut found = Committers::default();
        let Ok(head) = self.head() else { return found };
        let below: Vec<(String, &str)> = paths.iter().map(|path| (self.below_top(path), path.as_str())).collect();
        let split = |path: &'_ str| -> Vec<String> { path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect() };
        let parts: Vec<(Vec<String>, &str)> = below.iter().map(|(below, path)| (split(below), *path)).collect();
        let wanted: Vec<Wanted<'_>> = parts.iter().map(|(parts, path)| (parts.iter().map(String::as_str).collect(), *path)).collect();
        let (mut queue, mut seen) = (VecDeque::from([head.id]), BTreeSet::from([head.id]));
        let mut left = LOOKED_AT;
        while let Some(id) = queue.pop_front().filter(|_| left > 0) {
            left -= 1;
            let Some(parents) = self.note(id, &wanted, &mut found) else { continue };
            queue.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
        }
        found
    }

    /// Notes what a commit changed, and says what its parents are.
    fn note(&self, id: ObjectId, wanted: &[Wanted<'_>], found: &mut Committers) -> Option<Vec<ObjectId>> {
        let commit = self.inner.find_commit(id).ok()?;
        let parents: Vec<ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
        let before = match parents.as_slice() {
            [] => None,
            [only] => Some(self.inner.find_commit(*only).ok()?.tree_id().ok()?.detach()),
            _ => return Some(parents),
        };
        let mut changed = Vec::new();
        self.changed(before, Some(commit.tree_id().ok()?.detach()), wanted, 0, &mut changed);
        let name = commit.author().ok()?.name.to_string();
        if !changed.is_empty() && !is_robot(&name) {
            for path in changed {
                found.0.entry(path.to_owned()).or_default().entry(name.clone()).or_default().insert(id);
            }
        }
        Some(parents)
    }

    /// The wanted paths whose content differs between two trees; only folders that differ are looked into.
    fn changed<'a>(&self, before: Option<ObjectId>, after: Option<ObjectId>, wanted: &[Wanted<'a>], depth: usize, out: &mut Vec<&'a str>) {
        if before == after {
            return;
        }
        for group in wanted.chunk_by(|a, b| a.0.get(depth) == b.0.get(depth)) {
            let Some(name) = group[0].0.get(depth) else { continue };
            let (old, new) = (self.entry_of(before, name), self.entry_of(after, name));
            if old == new {
                continue;
            }
            let (files, folders): (Vec<Wanted<'a>>, Vec<Wanted<'a>>) =
                group.iter().cloned().partition(|(parts, _)| parts.len() == depth + 1);
            // What a commit takes away is not its author's to explain any more.
            out.extend(files.iter().filter(|_| new.is_some()).map(|(_, path)| *path));
            if !folders.is_empty() {
                self.changed(old, new, &folders, depth + 1, out);
            }
        }
    }

    fn entry_of(&self, tree: Option<ObjectId>, name: &str) -> Option<ObjectId> {
        let tree = self.inner.find_tree(tree?).ok()?;
        let entry = tree.find_entry(name)?;
        Some(entry.object_id())
    }
}

/// Accounts that nobody can ask.
fn is_robot(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("[bot]")
        || name.ends_with("(bot)")
        || name.ends_with("-bot")
        || name.ends_with(" bot")
        || name.contains("dependabot")
        || name.contains("renovate")
}

#[cfg(test)]
mod tests {
    use crate::history::Repository;
    use crate::history::fixture::Fixture;
    use std::collections::BTreeSet;

    #[test]
    fn whoever_changed_a_file_is_counted_once_for_each_commit() {
        let mut fixture = Fixture::new();
        fixture.commit(&[("shop/pay.py", "one"), ("shop/mail.py", "one"), ("other.py", "one")]);
        fixture.commit(&[("shop/pay.py", "two"), ("shop/mail.py", "two"), ("other.py", "one")]);
        fixture.commit(&[("shop/pay.py", "two"), ("shop/mail.py", "two"), ("other.py", "two")]);
        let last = fixture.commit(&[("shop/pay.py", "two"), ("other.py", "two")]);
        fixture.point_main_to(last);
        let repository = Repository::find(fixture.path()).unwrap().unwrap();
        let paths = BTreeSet::from(["shop/pay.py".to_owned(), "shop/mail.py".to_owned(), "not/there.py".to_owned()]);
        let found = repository.committers(&paths);
        let of = |paths: &[&str]| found.of(paths.iter().copied()).iter().map(|row| row.commits).collect::<Vec<_>>();
        assert_eq!(of(&["shop/pay.py"]), [2]);
        assert_eq!(of(&["shop/pay.py", "shop/mail.py"]), [2], "a commit that changes both is one commit");
        assert!(of(&["not/there.py"]).is_empty());
    }

    #[test]
    fn robots_are_left_out() {
        for (name, robot) in
            [("dependabot[bot]", true), ("Renovate Bot", true), ("Words (bot)", true), ("Robot Smith", false), ("Ada", false)]
        {
            assert_eq!(super::is_robot(name), robot, "{name}");
        }
    }
}
