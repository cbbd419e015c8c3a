//! The newest commit that changed one path, as `git log -1 -- PATH` names it.

use super::error::reason;
use super::{Commit, HistoryError, Repository};

/// Commits looked at before the search gives up: more than almost any project has on one line of parents.
const FARTHEST: usize = 500_000;

/// What the search for the newest change of a path came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LastTouch {
    /// This commit wrote, changed or removed it.
    Commit(Commit),
    /// No commit ever had it.
    Never,
    /// The answer lies where this clone cannot look.
    Unknown(Unknown),
}

/// Why the newest change of a path cannot be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// The clone is shallow and ends before it.
    Shallow,
    /// Objects on the way are not in this clone (a partial clone, or damage).
    Missing,
    /// Too many commits.
    TooFar,
}

impl Unknown {
    /// What happened and what to do, as the end of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Shallow => "the clone is shallow and ends before that commit; run `git fetch --unshallow`, or set `fetch-depth: 0` with actions/checkout",
            Self::Missing => "the clone lacks objects on the way to that commit; clone without --filter, or run `git fsck`",
            Self::TooFar => "the commit is more than 500000 commits back; name a commit instead",
        }
    }
}

/// Kind and id of what a commit has at a path.
type Entry = Option<(u16, gix::ObjectId)>;

impl Repository {
    /// The newest commit reachable from HEAD that changed `path`, which is relative to the scanned root.
    ///
    /// The way back follows the first parent that has the same content at the path; a merge counts only when it
    /// differs from all its parents. So the answer is the commit that made the content HEAD has. A path that HEAD lacks
    /// gives the commit that removed it.
    ///
    /// # Errors
    /// When HEAD cannot be read. History that is missing further back is [`LastTouch::Unknown`].
    pub fn last_commit_touching(&self, path: &str) -> Result<LastTouch, HistoryError> {
        let path = self.from_top(path);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let mut at = match self.head() {
            Ok(head) => head,
            Err(HistoryError::NoCommit(_)) => return Ok(LastTouch::Never),
            Err(error) => return Err(error),
        }
        .id;
        let shallow = self.inner.shallow_commits().ok().flatten();
        let Some(entry) = self.entry(at, &parts) else { return Ok(LastTouch::Unknown(Unknown::Missing)) };
        for _ in 0..FARTHEST {
            let parents = self.parents(at)?;
            if parents.is_empty() {
                return if entry.is_some() { self.touched(at) } else { Ok(LastTouch::Never) };
            }
            if shallow.as_ref().is_some_and(|ends| ends.contains(&at)) {
                return Ok(LastTouch::Unknown(Unknown::Shallow));
            }
            match self.parent_with(&parents, &parts, entry) {
                Step::Back(parent) => at = parent,
                Step::Here => return self.touched(at),
                Step::Missing => return Ok(LastTouch::Unknown(Unknown::Missing)),
            }
        }
        Ok(LastTouch::Unknown(Unknown::TooFar))
    }

    /// The first parent that has `entry` at the path.
    fn parent_with(&self, parents: &[gix::ObjectId], parts: &[&str], entry: Entry) -> Step {
        let mut missing = false;
        for parent in parents {
            match self.entry(*parent, parts) {
                Some(found) if found == entry => return Step::Back(*parent),
                Some(_) => {}
                None => missing = true,
            }
        }
        if missing { Step::Missing } else { Step::Here }
    }

    /// What a commit has at a path; `None` when an object on the way is not in this clone.
    fn entry(&self, commit: gix::ObjectId, parts: &[&str]) -> Option<Entry> {
        let tree = self.inner.find_commit(commit).ok()?.tree().ok()?;
        let found = tree.lookup_entry(parts.iter().map(|part| part.as_bytes())).ok()?;
        Some(found.map(|entry| (entry.mode().value(), entry.object_id())))
    }

    fn parents(&self, commit: gix::ObjectId) -> Result<Vec<gix::ObjectId>, HistoryError> {
        let unreadable = |error: gix::Error| HistoryError::Unreadable { what: format!("commit {commit}"), reason: reason(&error) };
        let commit = self.inner.find_commit(commit).map_err(unreadable)?;
        Ok(commit.parent_ids().map(gix::Id::detach).collect())
    }

    fn touched(&self, commit: gix::ObjectId) -> Result<LastTouch, HistoryError> {
        self.commit_of(&commit.to_string()).map(LastTouch::Commit)
    }
}

/// Where the search goes from a commit.
enum Step {
    Back(gix::ObjectId),
    Here,
    Missing,
}
