//! The older tree behind a comparison: exported from git into a folder of its own, scanned like any other, gone again.

use super::scan::Scan;
use crate::analyses::gated::{self, Scope};
use crate::base::RelPath;
use crate::gate::older::{Carried, Moved, carry};
use crate::gate::{Accepted, Baseline};
use crate::history::{Commit, LastTouch, Limits, Repository, renames::renames};
use crate::pipeline::{self, PipelineError, Silent};
use crate::project::Project;
use anyhow::Context;
use std::path::Path;

/// An older tree as seen from today's.
pub(super) struct Older {
    /// What is not new, and what was called otherwise.
    pub(super) carried: Carried,
    /// Its findings and facts, as a baseline.
    pub(super) baseline: Baseline,
    /// The commit.
    pub(super) commit: Commit,
}

/// The tree a comparison with a baseline goes back to: the commit that last changed the baseline's file. Where there is
/// none to be had, the sentence says what that means.
pub(super) fn behind_baseline(root: &Path, file: &Path, scan: &Scan, scope: &Scope) -> anyhow::Result<Result<Older, String>> {
    let blind = "a renamed file or module looks like a new one";
    let Some(repository) = Repository::find(root)? else {
        return Ok(Err(format!("no git history here, so {blind}")));
    };
    let inside = file.canonicalize().ok().zip(root.canonicalize().ok());
    let Some(path) = inside.and_then(|(file, root)| Some(file.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))) else {
        return Ok(Err(format!("the baseline lies outside the scanned folder, so its history is not looked at and {blind}")));
    };
    match repository.last_commit_touching(&path)? {
        LastTouch::Commit(commit) => Ok(Ok(read(&repository, commit, root, scan, scope)?)),
        LastTouch::Never => Ok(Err(format!("the baseline is not committed yet, so {blind}"))),
        LastTouch::Unknown(unknown) => Ok(Err(format!("{}; until then {blind}", unknown.words()))),
    }
}

/// The tree of a commit somebody named.
pub(super) fn at(root: &Path, reference: &str, scan: &Scan, scope: &Scope) -> anyhow::Result<Older> {
    let repository =
        Repository::find(root)?.with_context(|| format!("{}: no git repository there, so there is no {reference}", root.display()))?;
    let commit = repository.commit_of(reference)?;
    read(&repository, commit, root, scan, scope)
}

fn read(repository: &Repository, commit: Commit, root: &Path, scan: &Scan, scope: &Scope) -> anyhow::Result<Older> {
    let folder = tempfile::tempdir().context("no folder for the older tree; check the space and permissions of the temporary folder")?;
    let exported = repository.export(&commit, folder.path(), &Limits::default())?;
    // What is missing there would look new here, so a verdict on half a tree would be a wrong one.
    let missing = exported.skipped.missing;
    anyhow::ensure!(
        missing == 0,
        "this clone lacks {missing} file{} of commit {}, so what is new cannot be told; fetch them (clone without --filter, or run `git fsck`)",
        if missing == 1 { "" } else { "s" },
        commit.short()
    );
    // Today's config: what counts as a module must not differ between the two trees.
    let old = match pipeline::scan(&exported.root, &scan.config, None, &Silent) {
        Ok(old) => old,
        // A commit from before the first source file: everything since is new.
        Err(PipelineError::Empty(..)) => {
            return Ok(Older { carried: Carried::default(), baseline: Baseline::default(), commit });
        }
        Err(error) => return Err(error).with_context(|| format!("the tree of {}", commit.short())),
    };
    let moved = moved(&old, &exported.root, &scan.project, root);
    let findings = gated::findings(&old, scope).into_iter().map(|watched| Accepted { finding: watched.finding, reason: None }).collect();
    let baseline = Baseline { findings, facts: gated::facts(&old, scope).into_iter().collect() };
    Ok(Older { carried: carry(&old, &scan.project, &moved, scope), baseline, commit })
}

fn moved(old: &Project, old_root: &Path, new: &Project, new_root: &Path) -> Moved {
    let paths = |project: &Project| -> Vec<RelPath> { project.base.files.iter().map(|file| file.source.path.clone()).collect() };
    renames(&paths(old), &paths(new), |path| content(old_root, path), |path| content(new_root, path)).map
}

#[allow(clippy::disallowed_methods, reason = "contents of two trees are compared to find renames")]
fn content(root: &Path, path: &RelPath) -> Option<Vec<u8>> {
    std::fs::read(root.join(path.as_str())).ok()
}
