//! The walk over the tree: what is there, minus what is ignored. Order does not matter here, the caller sorts.

use super::guess::Guess;
use super::problem;
use crate::base::{Language, Problem, RelPath, Severity, is_within};
use crate::config::Config;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use std::collections::BTreeSet;
use std::fs::FileType;
use std::path::{Component, Path};
use std::sync::{Mutex, PoisonError};

/// A file in a known language, before it has a number.
pub(super) struct Found {
    /// Relative to the root.
    pub(super) path: RelPath,
    /// By name or first line.
    pub(super) language: Language,
    /// Size on disk.
    pub(super) bytes: u64,
    /// Why it cannot be read, when the walk sees that already.
    pub(super) trouble: Option<String>,
    /// The name of a file without which, in a folder around, it is in no known language.
    pub(super) within: Option<&'static str>,
}

/// Everything one walk came across.
#[derive(Default)]
pub(super) struct Haul {
    pub(super) files: Vec<Found>,
    pub(super) others: Vec<RelPath>,
    /// Symbolic links, relative to the root.
    pub(super) links: Vec<String>,
    pub(super) problems: Vec<Problem>,
    entered_root: bool,
}

impl Haul {
    /// Puts files that count only around a file of some name with the others where that is nowhere.
    pub(super) fn drop_files_outside(&mut self) {
        let names: BTreeSet<&str> = self.files.iter().filter_map(|file| file.within).collect();
        let there = self.others.iter().filter(|path| names.contains(path.name()));
        let there: BTreeSet<(&str, &str)> = there.map(|path| (path.name(), path.parent())).collect();
        let stays = |file: &Found| {
            let mut around = std::iter::successors(Some(file.path.parent()), |folder| {
                (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent))
            });
            file.within.is_none_or(|name| around.any(|folder| there.contains(&(name, folder))))
        };
        let (files, outside): (Vec<Found>, Vec<Found>) = std::mem::take(&mut self.files).into_iter().partition(stays);
        self.files = files;
        self.others.extend(outside.into_iter().map(|file| file.path));
    }

    fn take(&mut self, more: &mut Self) {
        self.files.append(&mut more.files);
        self.others.append(&mut more.others);
        self.links.append(&mut more.links);
        self.problems.append(&mut more.problems);
        self.entered_root |= more.entered_root;
    }
}

/// Folders that tools fill. The hidden ones are here as well, because an ignore file can make a hidden name visible.
const NEVER_ENTERED: [&str; 8] = ["node_modules", "__pycache__", "__pypackages__", ".git", ".hg", ".svn", ".tox", ".nox"];

/// Hidden files and folders of source that an editor reads and no program runs: listed, so that everybody sees that they
/// were left out.
const FOR_EDITORS: [&str; 1] = [".phpstorm.meta.php"];

/// Endings of folders that hold package metadata.
const METADATA_ENDINGS: [&str; 2] = [".egg-info", ".dist-info"];

/// Walks below `root`, which is a real folder's canonical path.
///
/// Ignore files above the root count when a repository's top is above it, as they do for git. The walk then starts at
/// that top and looks at nothing beside the way down to the root: letting the walker read all folders above would
/// also take in whatever ignore files the machine has outside of the repository. When that way is itself ignored or
/// hidden, the user has named the root on purpose and the rules above it are left aside.
pub(super) fn walk(root: &Path, config: &Config, guess: &Guess) -> Haul {
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
    let mut haul = walk_from(top, root, config, guess);
    if !haul.entered_root && top != root {
        haul = walk_from(root, root, config, guess);
    }
    for name in FOR_EDITORS {
        let start = root.join(name);
        let listed = |path: &RelPath| is_within(path.as_str(), name);
        if start.exists() && !haul.files.iter().any(|file| listed(&file.path)) && !haul.others.iter().any(listed) {
            haul.take(&mut walk_from(&start, root, config, guess));
        }
    }
    haul
}

/// Walks from `start`, which is `root` or a folder above it.
fn walk_from(start: &Path, root: &Path, config: &Config, guess: &Guess) -> Haul {
    let haul = Mutex::new(Haul::default());
    // require_git(false): an unpacked archive of a repository has the same files as its checkout.
    let walker = WalkBuilder::new(start).parents(false).git_global(false).require_git(false).threads(threads()).build_parallel();
    walker.visit(&mut Builder { root, config, guess, haul: &haul });
    haul.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Directory reading is bound by the kernel; more threads than this only wait for each other.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(4))
}

/// Makes one visitor per thread.
struct Builder<'a> {
    root: &'a Path,
    config: &'a Config,
    guess: &'a Guess,
    haul: &'a Mutex<Haul>,
}

impl<'s, 'a: 's> ParallelVisitorBuilder<'s> for Builder<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        let Self { root, config, guess, haul } = *self;
        Box::new(Visitor { root, config, guess, own: Haul::default(), haul })
    }
}

/// Collects on one thread, hands over when it is done.
struct Visitor<'a> {
    root: &'a Path,
    config: &'a Config,
    guess: &'a Guess,
    own: Haul,
    haul: &'a Mutex<Haul>,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.haul.lock().unwrap_or_else(PoisonError::into_inner).take(&mut self.own);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                self.error(&error, Path::new(""), Severity::Error);
                WalkState::Continue
            }
        }
    }
}

impl Visitor<'_> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        let path = entry.path();
        let Ok(below) = path.strip_prefix(self.root) else {
            // Above the root: go on only along the way down to it.
            return if self.root.starts_with(path) { WalkState::Continue } else { WalkState::Skip };
        };
        if let Some(error) = entry.error() {
            self.error(error, below, Severity::Warning);
        }
        if below.as_os_str().is_empty() {
            self.own.entered_root = true;
            return WalkState::Continue;
        }
        let Some(relative) = slashed(below) else {
            let message = "the name is not valid UTF-8; it was left aside with everything in it";
            self.own.problems.push(problem(&below.to_string_lossy(), Severity::Warning, message));
            return WalkState::Skip;
        };
        if self.config.is_excluded(&relative) {
            return WalkState::Skip;
        }
        match entry.file_type() {
            Some(kind) if kind.is_dir() => return enter(path, &relative),
            Some(kind) if kind.is_symlink() => self.own.links.push(relative),
            Some(kind) => self.file(entry, &relative, kind),
            None => {}
        }
        WalkState::Continue
    }

    /// Keeps a file, or something that is none but has a source file's name.
    fn file(&mut self, entry: &DirEntry, relative: &str, kind: FileType) {
        let path = RelPath::new(relative);
        let by_name = self.guess.by_name(path.name());
        let by_folder = if by_name.is_some() { None } else { self.guess.by_folder(&path) };
        let within = by_folder.and_then(|mark| mark.within);
        let language = by_name
            .or_else(|| by_folder.map(|mark| mark.language))
            .or_else(|| kind.is_file().then(|| self.guess.by_first_line(entry.path(), path.name())).flatten());
        match language {
            Some(language) if kind.is_file() => {
                let (bytes, trouble) = match entry.metadata() {
                    Ok(metadata) => (metadata.len(), None),
                    Err(error) => (0, Some(reason(&error))),
                };
                self.own.files.push(Found { path, language, bytes, trouble, within });
            }
            Some(language) => {
                let trouble = Some("not a regular file (a pipe, socket or device)".to_owned());
                self.own.files.push(Found { path, language, bytes: 0, trouble, within });
            }
            None if kind.is_file() => self.own.others.push(path),
            None => {}
        }
    }

    /// Keeps an error that concerns something below the root.
    fn error(&mut self, error: &ignore::Error, entry: &Path, severity: Severity) {
        let below = match place(error) {
            Some(path) => match path.strip_prefix(self.root) {
                Ok(below) => below.to_owned(),
                Err(_) => return,
            },
            None => entry.to_owned(),
        };
        let message = match severity {
            Severity::Error => format!("cannot be entered: {}", reason(error)),
            Severity::Warning => format!("an ignore rule was left aside: {}", reason(error)),
        };
        self.own.problems.push(problem(&below.to_string_lossy(), severity, message));
    }
}

/// Whether to go into a folder. A virtual environment is known by its marker, because people name it as they like.
fn enter(path: &Path, relative: &str) -> WalkState {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    let filled_by_tools =
        NEVER_ENTERED.contains(&name) || METADATA_ENDINGS.iter().any(|ending| name.ends_with(ending)) || path.join("pyvenv.cfg").exists();
    if filled_by_tools { WalkState::Skip } else { WalkState::Continue }
}

/// A relative path with `/` between its parts; none when it is not UTF-8.
fn slashed(below: &Path) -> Option<String> {
    let mut text = String::with_capacity(below.as_os_str().len());
    for part in below.components() {
        let Component::Normal(name) = part else { continue };
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(name.to_str()?);
    }
    Some(text)
}

/// The file or folder an error speaks of.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => place(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(place),
        _ => None,
    }
}

/// What went wrong, without paths and without the numbers that differ between systems.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => reason(err),
        ignore::Error::WithLineNumber { line, err } => format!("line {line}: {}", reason(err)),
        ignore::Error::Partial(errors) => errors.iter().map(reason).collect::<Vec<_>>().join("; "),
        ignore::Error::Io(error) => error.kind().to_string(),
        ignore::Error::Glob { glob: Some(glob), err } => format!("`{glob}`: {err}"),
        other => other.to_string(),
    }
}
