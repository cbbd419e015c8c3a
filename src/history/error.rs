//! What can go wrong with a repository, each with the sentence that says what to do.

use std::path::PathBuf;
use thiserror::Error;

/// History that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// The scanned root itself is not there.
    #[error("{}: cannot be opened ({reason}); give the folder of a checkout", path.display())]
    Unreachable {
        /// The root as given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is a `.git`, but no repository behind it.
    #[error("{}: this is no usable git repository ({reason}); run `git status` beside it to see what git says", path.display())]
    Broken {
        /// The `.git` file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The way from the top of the work tree to the scanned root cannot be written as text.
    #[error("{}: the path is not valid UTF-8, so it cannot be looked up in git; rename the folder", .0.display())]
    NotText(PathBuf),
    /// A repository without any commit.
    #[error("{}: the repository has no commit yet; make one first", .0.display())]
    NoCommit(PathBuf),
    /// A reference that names nothing.
    #[error("git knows no commit {reference:?} ({reason}); {advice}")]
    UnknownReference {
        /// As the user wrote it.
        reference: String,
        /// What git says.
        reason: String,
        /// What to do, with names that exist.
        advice: String,
    },
    /// A commit, tree or reference that is there but cannot be read.
    #[error("{what} cannot be read ({reason}); run `git fsck` to see whether the repository is damaged or incomplete")]
    Unreadable {
        /// What was read.
        what: String,
        /// Why.
        reason: String,
    },
    /// The scanned root did not exist at that commit.
    #[error("the folder {folder} does not exist in commit {commit}; choose a commit that has it")]
    NoSuchFolder {
        /// The scanned root, from the top of the work tree.
        folder: String,
        /// The commit.
        commit: String,
    },
    /// Export wants a folder of its own.
    #[error("{}: the folder for the older tree is not empty; give an empty one", .0.display())]
    NotEmpty(PathBuf),
    /// The disk said no.
    #[error("{}: cannot be written ({reason}); check free space and permissions of the temporary folder", path.display())]
    Write {
        /// File or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// More than any checkout holds; a tree can name the same folder a million times over.
    #[error("commit {commit} holds more than {limit}, so the older tree was not written; compare a smaller folder")]
    TooLarge {
        /// The commit.
        commit: String,
        /// The limit in words.
        limit: String,
    },
}

/// Everything an error of the git library says, outermost first.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ").replace('\n', " ")
}
