//! Writes the tree of a commit below an empty folder, so that the ordinary pipeline can scan it there.

use super::error::reason;
use super::{Commit, HistoryError, Repository};
use gix::objs::tree::EntryKind;
use gix::validate::path::component;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Files whose rules reach down from the folders above the scanned root.
const RULE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// The largest `.git/info/exclude` that is copied.
const EXCLUDE_BYTES: u64 = 1_000_000;

/// How much of a tree is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Larger files are left out.
    pub file_bytes: u64,
    /// More files and folders are refused.
    pub entries: usize,
    /// More bytes are refused.
    pub total_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 2_000_000, entries: 1_000_000, total_bytes: 8_000_000_000 }
    }
}

/// An older tree on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exported {
    /// The folder that corresponds to the scanned root.
    pub root: PathBuf,
    /// Files written below it.
    pub files: usize,
    /// What the commit has and the folder lacks.
    pub skipped: Skipped,
}

/// Entries of a tree that were not written, by reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Skipped {
    /// Symbolic links.
    pub links: usize,
    /// Submodules: their content is in another repository.
    pub submodules: usize,
    /// Files above the limit.
    pub too_large: usize,
    /// Files and whole folders that this clone lacks (a partial clone) or cannot read.
    pub missing: usize,
    /// Names that lead elsewhere, hide a `.git`, are no text or too long for this disk.
    pub unsafe_names: usize,
    /// Names this disk cannot tell from one already written.
    pub clashing: usize,
}

impl Repository {
    /// Writes every regular file the commit has below the scanned root: contents as git stores them, without filters,
    /// line-end conversion, links, submodules or file modes.
    ///
    /// The tree appears below `destination` as it does below the top of the work tree, with the ignore files of the
    /// folders above the root and an empty `.git` folder: the same ignore rules hold there as in the checkout, and
    /// none from outside.
    ///
    /// # Errors
    /// When the commit lacks the folder or cannot be read, when it is beyond the limits, and when the disk refuses.
    pub fn export(&self, commit: &Commit, destination: &Path, limits: &Limits) -> Result<Exported, HistoryError> {
        require_empty(destination)?;
        self.mark_as_top(destination)?;
        let top = self.inner.find_commit(commit.id).and_then(|found| found.tree());
        let top = top.map_err(|error| HistoryError::Unreadable { what: format!("commit {}", commit.short()), reason: reason(&error) })?;
        let mut writer = Writer { repository: &self.inner, limits, commit, files: 0, entries: 0, bytes: 0, skipped: Skipped::default() };
        let (tree, root) = writer.way_down(top, self.prefix(), destination)?;
        writer.write_below(tree, &root)?;
        Ok(Exported { root, files: writer.files, skipped: writer.skipped })
    }

    /// Makes `destination` the top of a work tree for the walk that comes later.
    fn mark_as_top(&self, destination: &Path) -> Result<(), HistoryError> {
        let info = destination.join(".git").join("info");
        std::fs::create_dir_all(&info).map_err(|error| write_error(&info, &error))?;
        let exclude = self.place().join("info").join("exclude");
        if exclude.metadata().is_ok_and(|found| found.is_file() && found.len() <= EXCLUDE_BYTES) {
            let copy = info.join("exclude");
            std::fs::copy(&exclude, &copy).map_err(|error| write_error(&copy, &error))?;
        }
        Ok(())
    }
}

/// Writes files and counts.
struct Writer<'a> {
    repository: &'a gix::Repository,
    limits: &'a Limits,
    commit: &'a Commit,
    files: usize,
    entries: usize,
    bytes: u64,
    skipped: Skipped,
}

impl<'a> Writer<'a> {
    /// Goes from the top of the tree to the scanned root and takes the rule files above it along.
    fn way_down(&mut self, top: gix::Tree<'a>, prefix: &str, destination: &Path) -> Result<(gix::ObjectId, PathBuf), HistoryError> {
        let missing = || HistoryError::NoSuchFolder { folder: prefix.to_owned(), commit: self.commit.short() };
        let (mut tree, mut place) = (top, destination.to_owned());
        for part in prefix.split('/').filter(|part| !part.is_empty()) {
            for name in RULE_FILES {
                let rules = tree.find_entry(name).filter(|entry| entry.mode().is_blob());
                if let Some(rules) = rules.and_then(|entry| entry.object().ok()) {
                    let path = place.join(name);
                    create_file(&path, &rules.data).map_err(|error| write_error(&path, &error))?;
                }
            }
            let next = tree.find_entry(part).filter(|entry| entry.mode().is_tree()).ok_or_else(missing)?;
            let next = next.object_id();
            tree = self.repository.find_tree(next).map_err(|_| missing())?;
            place.push(part);
            std::fs::create_dir(&place).map_err(|error| write_error(&place, &error))?;
        }
        Ok((tree.id, place))
    }

    /// Writes everything below a tree. The stack is a list of its own: a tree can be deeper than the program's.
    fn write_below(&mut self, tree: gix::ObjectId, root: &Path) -> Result<(), HistoryError> {
        let mut waiting = vec![(tree, root.to_owned())];
        while let Some((tree, folder)) = waiting.pop() {
            let Ok(tree) = self.repository.find_tree(tree) else {
                self.skipped.missing += 1;
                continue;
            };
            for entry in tree.iter() {
                let Ok(entry) = entry else {
                    self.skipped.missing += 1;
                    break;
                };
                let Some(name) = safe_name(entry.filename()) else {
                    self.skipped.unsafe_names += 1;
                    continue;
                };
                let path = folder.join(name);
                match entry.kind() {
                    EntryKind::Tree => self.folder(entry.object_id(), path, &mut waiting)?,
                    EntryKind::Blob | EntryKind::BlobExecutable => self.file(entry.object_id(), &path)?,
                    EntryKind::Link => self.skipped.links += 1,
                    EntryKind::Commit => self.skipped.submodules += 1,
                }
            }
        }
        Ok(())
    }

    fn folder(&mut self, tree: gix::ObjectId, path: PathBuf, waiting: &mut Vec<(gix::ObjectId, PathBuf)>) -> Result<(), HistoryError> {
        self.count(0)?;
        match std::fs::create_dir(&path) {
            Ok(()) => waiting.push((tree, path)),
            Err(error) => self.refused(&path, &error)?,
        }
        Ok(())
    }

    fn file(&mut self, blob: gix::ObjectId, path: &Path) -> Result<(), HistoryError> {
        // The size is asked for first: a few bytes can unpack to gigabytes.
        match self.repository.try_find_header(blob) {
            Ok(Some(header)) if header.size() > self.limits.file_bytes => {
                self.skipped.too_large += 1;
                return Ok(());
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => {
                self.skipped.missing += 1;
                return Ok(());
            }
        }
        let Ok(blob) = self.repository.find_blob(blob) else {
            self.skipped.missing += 1;
            return Ok(());
        };
        self.count(blob.data.len() as u64)?;
        match create_file(path, &blob.data) {
            Ok(()) => self.files += 1,
            Err(error) => self.refused(path, &error)?,
        }
        Ok(())
    }

    /// Counts towards the limits; folders count as well, since a few objects can describe endlessly many.
    fn count(&mut self, bytes: u64) -> Result<(), HistoryError> {
        self.entries += 1;
        self.bytes += bytes;
        let limit = if self.entries > self.limits.entries {
            format!("{} files and folders", self.limits.entries)
        } else if self.bytes > self.limits.total_bytes {
            format!("{} bytes", self.limits.total_bytes)
        } else {
            return Ok(());
        };
        Err(HistoryError::TooLarge { commit: self.commit.short(), limit })
    }

    /// A name this disk will not have is left out; a full disk ends the export.
    fn refused(&mut self, path: &Path, error: &std::io::Error) -> Result<(), HistoryError> {
        match error.kind() {
            ErrorKind::AlreadyExists => self.skipped.clashing += 1,
            ErrorKind::InvalidFilename | ErrorKind::InvalidInput => self.skipped.unsafe_names += 1,
            _ => return Err(write_error(path, error)),
        }
        Ok(())
    }
}

/// A name as text, if nothing but a plain entry of its folder can be meant by it on any disk.
fn safe_name(name: &gix::bstr::BStr) -> Option<&str> {
    // Device names are a danger on Windows only; elsewhere aux.py is a file like any other.
    let options = component::Options { protect_windows: cfg!(windows), protect_hfs: true, protect_ntfs: true };
    gix::validate::path::component(name, None, options).ok()?;
    std::str::from_utf8(name).ok().filter(|name| !name.contains('\0'))
}

/// Creates a file that must not exist yet, which also means that nothing is ever written through a link.
fn create_file(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(contents)
}

fn require_empty(folder: &Path) -> Result<(), HistoryError> {
    let mut entries = std::fs::read_dir(folder).map_err(|error| write_error(folder, &error))?;
    if entries.next().is_some() { Err(HistoryError::NotEmpty(folder.to_owned())) } else { Ok(()) }
}

fn write_error(path: &Path, error: &std::io::Error) -> HistoryError {
    HistoryError::Write { path: path.to_owned(), reason: error.to_string() }
}
