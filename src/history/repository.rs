//! The repository a scanned root belongs to: found by going up, opened as a stranger's.

use super::HistoryError;
use super::error::reason;
use std::path::{Path, PathBuf};

/// A git repository, and where the scanned root lies in it.
pub struct Repository {
    pub(super) inner: gix::Repository,
    prefix: String,
}

impl Repository {
    /// The repository `path` lies in: its own or that of the nearest folder above; `None` without git.
    ///
    /// A `.git` file (linked worktree, submodule) leads where it says. `path` may also be a bare repository itself;
    /// bare repositories further up are not looked for, since nobody checks code out below one.
    ///
    /// # Errors
    /// When `path` is not there, or the nearest `.git` cannot be opened.
    pub fn find(path: &Path) -> Result<Option<Self>, HistoryError> {
        let root = path
            .canonicalize()
            .map_err(|error| HistoryError::Unreachable { path: path.to_owned(), reason: error.kind().to_string() })?;
        for folder in root.ancestors() {
            let git = folder.join(".git");
            // As git does: a `.git` file that leads nowhere is an error, a `.git` folder that is no repository is none.
            if git.is_file() || git.is_dir() && gix::discover::is_git(&git).is_ok() {
                let prefix = slashed(&root, folder)?;
                return Ok(Some(Self { inner: open(&git)?, prefix }));
            }
        }
        if gix::discover::is_git(&root).is_ok() {
            return Ok(Some(Self { inner: open(&root)?, prefix: String::new() }));
        }
        Ok(None)
    }

    /// The scanned root as seen from the top of the work tree: `""` or `backend/app`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// True when the clone holds only the newest part of the history.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.inner.is_shallow().unwrap_or(false)
    }

    /// Where git keeps its own files.
    pub(super) fn place(&self) -> PathBuf {
        self.inner.common_dir().to_owned()
    }

    /// A path below the scanned root as seen from the top of the work tree.
    pub(super) fn from_top(&self, path: &str) -> String {
        crate::base::join(&self.prefix, path)
    }
}

/// Opens with least trust: config of the repository that names programs, paths or limits is left aside, config from
/// anywhere else is not read, and a single object may not claim more memory than the library's default limit.
fn open(git: &Path) -> Result<gix::Repository, HistoryError> {
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Reduced).open_path_as_is(true);
    let opened = options.open(git).map_err(|error| HistoryError::Broken { path: git.to_owned(), reason: reason(&error) })?;
    Ok(opened.to_thread_local())
}

/// `root` relative to `top` with `/` between its parts.
fn slashed(root: &Path, top: &Path) -> Result<String, HistoryError> {
    let below = root.strip_prefix(top).unwrap_or(Path::new(""));
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| HistoryError::NotText(root.to_owned()))
}
