//! The older tree behind a comparison: exported from git into a folder of its own, scanned like any other, gone again.

use super::scan::Scan;
use crate::analyses::gated::{self, Scope};
use crate::base::RelPath;
use crate::config::Config;
use crate::gate::older::{Carried, Moved, carry};
use crate::gate::{Accepted, Baseline};
use crate::history::{Commit, LastTouch, Limits, Repository, renames::renames};
use crate::pipeline::{self, PipelineError, Silent};
use crate::project::Project;
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
    Ok(OldTree::at(root, reference, &scan.config)?.older(root, scan, scope))
}

fn read(repository: &Repository, commit: Commit, root: &Path, scan: &Scan, scope: &Scope) -> anyhow::Result<Older> {
    Ok(OldTree::read(repository, commit, &scan.config)?.older(root, scan, scope))
}

/// A commit's tree in a folder of its own, which goes away with the value.
pub(super) struct OldTree {
    /// The tree, read with today's config; none in a commit from before the first source file.
    pub(super) project: Option<Project>,
    /// Where it lies.
    pub(super) root: PathBuf,
    /// The commit.
    pub(super) commit: Commit,
    _folder: tempfile::TempDir,
}

impl OldTree {
    /// The tree of a commit somebody named.
    pub(super) fn at(root: &Path, reference: &str, config: &Config) -> anyhow::Result<Self> {
        let repository =
            Repository::find(root)?.with_context(|| format!("{}: no git repository there, so there is no {reference}", root.display()))?;
        let commit = repository.commit_of(reference)?;
        Self::read(&repository, commit, config)
    }

    fn read(repository: &Repository, commit: Commit, config: &Config) -> anyhow::Result<Self> {
        let (folder, root) = export(repository, &commit)?;
        // Today's config: what counts as a module must not differ between the two trees.
        let project = match pipeline::scan(&root, config, None, &Silent) {
            Ok(old) => Some(old),
            Err(PipelineError::Empty(..)) => None,
            Err(error) => return Err(error).with_context(|| format!("the tree of {}", commit.short())),
        };
        Ok(Self { project, root, commit, _folder: folder })
    }

    /// What became of its files.
    pub(super) fn moved(&self, new: &Project, new_root: &Path) -> Moved {
        let paths = |project: &Project| -> Vec<RelPath> { project.base.files.iter().map(|file| file.source.path.clone()).collect() };
        let Some(old) = &self.project else { return Moved::new() };
        renames(&paths(old), &paths(new), |path| content(&self.root, path), |path| content(new_root, path)).map
    }

    /// As seen from today's tree. Where there was nothing, everything since is new.
    fn older(self, root: &Path, scan: &Scan, scope: &Scope) -> Older {
        let Some(old) = &self.project else {
            return Older { carried: Carried::default(), baseline: Baseline::default(), commit: self.commit };
        };
        let moved = self.moved(&scan.project, root);
        let accepted = |watched: gated::Watched| Accepted { finding: watched.finding, reason: None };
        let findings = gated::findings(old, scope).into_iter().map(accepted).collect();
        let baseline = Baseline { findings, facts: gated::facts(old, scope).into_iter().collect() };
        Older { carried: carry(old, &scan.project, &moved, scope), baseline, commit: self.commit }
    }
}

/// Writes a commit's tree into a folder of its own and says where the scanned folder lies in it.
fn export(repository: &Repository, commit: &Commit) -> anyhow::Result<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir().context("no folder for the older tree; check the space and permissions of the temporary folder")?;
    let exported = repository.export(commit, folder.path(), &Limits::default())?;
    // What is missing there would look new here, so a verdict on half a tree would be a wrong one.
    let missing = exported.skipped.missing;
    anyhow::ensure!(
        missing == 0,
        "this clone lacks {missing} file{} of commit {}, so what is new cannot be told; fetch them (clone without --filter, or run `git fsck`)",
        if missing == 1 { "" } else { "s" },
        commit.short()
    );
    Ok((folder, exported.root))
}

/// The files of a tree that are not the same in a commit, by path.
pub(super) fn changed_since(root: &Path, reference: &str, project: &Project) -> anyhow::Result<BTreeSet<String>> {
    let repository =
        Repository::find(root)?.with_context(|| format!("{}: no git repository there, so there is no {reference}", root.display()))?;
    let (_folder, old_root) = export(&repository, &repository.commit_of(reference)?)?;
    let paths = project.base.files.iter().map(|file| &file.source.path);
    Ok(paths.filter(|path| content(&old_root, path) != content(root, path)).map(ToString::to_string).collect())
}

#[allow(clippy::disallowed_methods, reason = "contents of two trees are compared to find renames")]
fn content(root: &Path, path: &RelPath) -> Option<Vec<u8>> {
    std::fs::read(root.join(path.as_str())).ok()
}
