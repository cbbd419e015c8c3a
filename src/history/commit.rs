//! Commits and the names people give them.

use super::error::reason;
use super::{HistoryError, Repository};

/// Names offered when a reference is unknown.
const SUGGESTIONS: usize = 5;

/// References looked through for such names.
const LOOKED_AT: usize = 20_000;

/// A commit that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    pub(super) id: gix::ObjectId,
    seconds: i64,
    title: String,
}

impl Commit {
    /// The full id.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// The first ten digits of the id, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.id.to_hex_with_len(10).to_string()
    }

    /// When it was committed, in seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The first line of its message.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }
}

impl Repository {
    /// The commit that is checked out.
    ///
    /// # Errors
    /// Without any commit, and when it cannot be read.
    pub fn head(&self) -> Result<Commit, HistoryError> {
        let unreadable = |error: gix::Error| HistoryError::Unreadable { what: "HEAD".to_owned(), reason: reason(&error) };
        let head = self.inner.head().map_err(unreadable)?;
        let id = head.try_into_peeled_id().map_err(unreadable)?.ok_or_else(|| HistoryError::NoCommit(self.place()))?;
        self.commit(id.detach()).map_err(|reason| HistoryError::Unreadable { what: format!("commit {id}"), reason })
    }

    /// The commit a user means: a branch, a tag, an id or its beginning, `HEAD~3`, `origin/main`.
    ///
    /// # Errors
    /// When there is no such commit; the sentence offers names that exist and says when a shallow clone is the cause.
    pub fn commit_of(&self, reference: &str) -> Result<Commit, HistoryError> {
        let found = self.inner.rev_parse_single(reference.trim()).map_err(|error| reason(&error));
        found.and_then(|id| self.commit(id.detach())).map_err(|reason| HistoryError::UnknownReference {
            reference: reference.to_owned(),
            reason,
            advice: self.advice(reference.trim()),
        })
    }

    /// Reads a commit; a tag is followed to what it names.
    fn commit(&self, id: gix::ObjectId) -> Result<Commit, String> {
        let object = self.inner.try_find_object(id).map_err(|error| reason(&error))?.ok_or("the object is not in this clone")?;
        let commit = object.peel_to_commit().map_err(|error| reason(&error))?;
        let seconds = commit.time().map_err(|error| reason(&error))?.seconds;
        let title = String::from_utf8_lossy(commit.message_raw_sloppy()).lines().next().unwrap_or_default().trim().to_owned();
        Ok(Commit { id: commit.id, seconds, title })
    }

    /// What to do about a reference nobody knows.
    fn advice(&self, reference: &str) -> String {
        let mut parts = Vec::new();
        if self.is_shallow() {
            parts.push("this clone is shallow: run `git fetch --unshallow`, or `fetch-depth: 0` with actions/checkout".to_owned());
        }
        let names = self.names();
        let last = |name: &str| name.rsplit('/').next().map(str::to_lowercase);
        let alike: Vec<&String> = names.iter().filter(|name| last(name) == last(reference)).take(SUGGESTIONS).collect();
        let shown: Vec<&String> = if alike.is_empty() { names.iter().take(SUGGESTIONS).collect() } else { alike };
        let shown: Vec<&str> = shown.into_iter().map(String::as_str).collect();
        parts.push(match shown.as_slice() {
            [] => "it has no branch and no tag, try HEAD".to_owned(),
            _ => format!("it does know HEAD, {}", shown.join(", ")),
        });
        parts.join("; ")
    }

    /// Branches, remote branches and tags, in this order, each group sorted.
    fn names(&self) -> Vec<String> {
        let Ok(references) = self.inner.references() else { return Vec::new() };
        let mut groups = [Vec::new(), Vec::new(), Vec::new()];
        let all = references.all().into_iter().flatten();
        for reference in all.filter_map(Result::ok).take(LOOKED_AT) {
            let name = reference.name();
            let group = ["refs/heads/", "refs/remotes/", "refs/tags/"].iter().position(|start| name.as_bstr().starts_with(start.as_bytes()));
            if let Some(group) = group {
                groups[group].push(name.shorten().to_string());
            }
        }
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.concat()
    }
}
