//! What people did to the scanned tree in the twelve months before the commit that is checked out.
//!
//! The clock is the newest commit's, so the same clone tells the same today and next year. Merges are left out (their
//! changes are in the commits they merge), and so is what touches very many files at once: a new line end for everything
//! says nothing of what belongs together (code-maat's `--max-changeset-size`, as in PLAN.md A.10).

use super::error::reason;
use super::{HistoryError, Repository};
use gix::bstr::BStr;
use gix::diff::tree::{Recorder, State, Visit, recorder, visit};
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

/// How far back is looked.
const SECONDS: i64 = 365 * 24 * 60 * 60;
/// Commits that are read; a year of most projects has fewer.
const MOST_COMMITS: usize = 5000;
/// A commit with more changed files says nothing of what belongs together.
const MOST_FILES: usize = 30;
/// Files and folders that are looked at in one commit: a few objects can describe endlessly many.
const MOST_ENTRIES: usize = 10_000;
/// Objects that are kept unpacked while the commits are read: neighbours share most of their trees.
const CACHE: usize = 32 << 20;

/// One commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Who wrote it: the mail address in small letters, or else the name.
    pub author: String,
    /// Files it added, changed or removed, relative to the scanned root, sorted.
    pub paths: Vec<String>,
}

/// A year of work, the newest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Activity {
    /// Commits that touched something below the scanned root.
    pub changes: Vec<Change>,
    /// Commits left out because they touch too many files.
    pub too_large: usize,
    /// The clone or the limit ends before the year does.
    pub cut_short: bool,
}

impl Repository {
    /// The commits of twelve months before HEAD. Where objects are missing, as in a shallow clone, it ends there.
    ///
    /// # Errors
    /// When HEAD cannot be read.
    pub fn activity(&mut self) -> Result<Activity, HistoryError> {
        let head = match self.head() {
            Ok(head) => head,
            Err(HistoryError::NoCommit(_)) => return Ok(Activity::default()),
            Err(error) => return Err(error),
        };
        self.inner.object_cache_size(CACHE);
        let shallow = self.inner.shallow_commits().ok().flatten();
        let newest = Sorting::ByCommitTimeCutoff { order: CommitTimeOrder::NewestFirst, seconds: head.seconds() - SECONDS };
        let walk = self.inner.rev_walk([head.id]).sorting(newest).all();
        let walk =
            walk.map_err(|error| HistoryError::Unreadable { what: format!("history of {}", head.short()), reason: reason(&error) })?;
        let mut found = Activity { cut_short: shallow.is_some(), ..Activity::default() };
        for (count, info) in walk.enumerate() {
            let Some(info) = info.ok().filter(|_| count < MOST_COMMITS) else {
                found.cut_short = true;
                break;
            };
            // Where a shallow clone ends, everything would look new.
            let at_the_end = shallow.as_ref().is_some_and(|ends| ends.contains(&info.id));
            if info.parent_ids.len() > 1 || at_the_end {
                continue;
            }
            match self.change(info.id, info.parent_ids.first().copied()) {
                Some(Some(change)) if !change.paths.is_empty() => found.changes.push(change),
                Some(Some(_)) => {}
                Some(None) => found.too_large += 1,
                None => found.cut_short = true,
            }
        }
        Ok(found)
    }

    /// What a commit changed; none of that where it is too much, and nothing at all where objects are missing.
    #[allow(clippy::option_option, reason = "two different things can be the matter, and neither is an error")]
    fn change(&self, commit: gix::ObjectId, parent: Option<gix::ObjectId>) -> Option<Option<Change>> {
        let commit = self.inner.find_commit(commit).ok()?;
        let author = commit.author().ok()?;
        let author = if author.email.is_empty() { author.name } else { author.email };
        let author = String::from_utf8_lossy(author).trim().to_lowercase();
        let after = commit.tree().ok()?;
        let before = match parent {
            Some(parent) => self.inner.find_commit(parent).ok()?.tree().ok()?,
            None => self.inner.empty_tree(),
        };
        let mut few = Few::default();
        let (old, new) = (
            gix::objs::TreeRefIter::from_bytes(&before.data, before.id.kind()),
            gix::objs::TreeRefIter::from_bytes(&after.data, after.id.kind()),
        );
        match gix::diff::tree(old, new, &mut State::default(), &self.inner.objects, &mut few) {
            Ok(()) => {}
            Err(gix::diff::tree::Error::Cancelled) => return Some(None),
            Err(_) => return None,
        }
        Some(Some(Change { author, paths: few.below(self.prefix()) }))
    }
}

/// Changed files, up to the limit.
#[derive(Default)]
struct Few {
    all: Recorder,
    files: usize,
    entries: usize,
}

impl Few {
    fn below(self, prefix: &str) -> Vec<String> {
        let own = |change: recorder::Change| {
            let (mode, path) = match change {
                recorder::Change::Addition { entry_mode, path, .. } | recorder::Change::Deletion { entry_mode, path, .. } => {
                    (entry_mode, path)
                }
                recorder::Change::Modification { entry_mode, path, .. } => (entry_mode, path),
            };
            let path = String::from_utf8(path.into()).ok().filter(|_| !mode.is_tree())?;
            let below = if prefix.is_empty() { &path } else { path.strip_prefix(prefix)?.strip_prefix('/')? };
            Some(below.to_owned())
        };
        let mut paths: Vec<String> = self.all.records.into_iter().filter_map(own).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}

impl Visit for Few {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.all.pop_front_tracked_path_and_set_current();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.all.push_back_tracked_path_component(component);
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.all.push_path_component(component);
    }

    fn pop_path_component(&mut self) {
        self.all.pop_path_component();
    }

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        self.files += usize::from(!change.entry_mode().is_tree());
        self.entries += 1;
        let enough = self.files > MOST_FILES || self.entries > MOST_ENTRIES;
        if enough { std::ops::ControlFlow::Break(()) } else { self.all.visit(change) }
    }
}

#[cfg(test)]
mod tests {
    use super::Activity;
    use crate::history::Repository;
    use crate::history::fixture::Fixture;

    const YEAR: i64 = 365 * 24 * 60 * 60;

    fn work(fixture: &Fixture, folder: &str) -> Activity {
        Repository::find(&fixture.folder(folder)).unwrap().unwrap().activity().unwrap()
    }

    /// Commits as `author: path path`, the newest first.
    fn told(activity: &Activity) -> Vec<String> {
        activity.changes.iter().map(|change| format!("{}: {}", change.author, change.paths.join(" "))).collect()
    }

    #[test]
    fn a_year_of_work_is_told_without_what_lies_before_it() {
        let mut fixture = Fixture::new();
        fixture.commit(&[("old.py", "1")]);
        fixture.wait(YEAR + 3600);
        fixture.written_by("Ann@Example.org");
        fixture.commit(&[("old.py", "1"), ("shop/a.py", "1"), ("shop/b.py", "1")]);
        fixture.written_by("bob@example.org");
        fixture.commit(&[("old.py", "2"), ("shop/a.py", "2"), ("shop/b.py", "1")]);
        fixture.commit(&[("old.py", "2"), ("shop/a.py", "2")]);
        let all = ["bob@example.org: shop/b.py", "bob@example.org: old.py shop/a.py", "ann@example.org: shop/a.py shop/b.py"];
        assert_eq!(told(&work(&fixture, "")), all);
        let below = ["bob@example.org: b.py", "bob@example.org: a.py", "ann@example.org: a.py b.py"];
        assert_eq!(told(&work(&fixture, "shop")), below);
    }

    #[test]
    fn what_touches_everything_and_merges_say_nothing() {
        let mut fixture = Fixture::new();
        let first = fixture.commit(&[("a.py", "1")]);
        let many: Vec<(String, &str)> = (0..40).map(|at| (format!("f{at}.py"), "1")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let large = fixture.commit(&many);
        let tree = fixture.tree_of(&[("a.py", "3")]);
        let merge = fixture.commit_beside(tree, vec![large, first]);
        fixture.point_main_to(merge);
        let found = work(&fixture, "");
        assert_eq!((told(&found), found.too_large, found.cut_short), (vec!["a@example.org: a.py".to_owned()], 1, false));
    }

    #[test]
    fn a_shallow_clone_tells_what_it_has_and_that_it_is_not_all() {
        let mut fixture = Fixture::new();
        let first = fixture.commit(&[("a.py", "1")]);
        fixture.commit(&[("a.py", "2")]);
        fixture.write_git("shallow", &format!("{first}\n"));
        let found = work(&fixture, "");
        assert_eq!((told(&found), found.cut_short), (vec!["a@example.org: a.py".to_owned()], true));
        assert_eq!(work(&Fixture::new(), ""), Activity::default());
    }
}
