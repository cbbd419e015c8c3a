//! Finds the files of a tree and reads them; nothing in the tree is executed and nothing outside of it is entered.
//!
//! **Not entered, not listed:** what `.gitignore`, `.ignore` and `.git/info/exclude` say (the tree's own and, inside a
//! repository, those of the folders above; never the user's global file: the same tree gives the same result on every
//! machine), hidden files and folders, `[scan] exclude`, and folders that tools fill: `node_modules`, `__pycache__`,
//! `__pypackages__`, `*.egg-info`, `*.dist-info` and virtual environments (a `pyvenv.cfg` inside).
//!
//! **Listed, but tagged as generated:** `.phpstorm.meta.php`, which editors read.
//!
//! **Listed, but tagged as other people's code:** `vendor`, `third_party`, `_vendor`, `bower_components`,
//! `site-packages` and the like; see `folders`.
//!
//! **Symbolic links** are never followed: a target inside the tree is found on its own way and would count twice. A
//! link that leads to nothing, out of the tree, or to a place that is not scanned becomes a [`Problem`].
//!
//! The result depends on paths and contents only, never on directory order or threads.

mod decode;
mod folders;
mod generated;
mod guess;
mod libraries;
mod lines;
mod links;
mod minified;
mod read;
mod streamed;
mod tags;
#[cfg(test)]
mod tests;
mod walk;

pub use read::{Loaded, Reader, texts};
pub use streamed::Streamed;
pub use tags::tags_by_content;

use crate::base::{FileId, Language, Problem, RelPath, Severity, SourceFile, Tag};
use crate::config::Config;
use folders::Folders;
use guess::Guess;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What a language's files are recognised by; the pipeline hands the list in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extension {
    /// The mark.
    pub mark: Mark,
    /// The language it stands for.
    pub language: Language,
}

/// A mark of a language on a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The end of the name after a dot: `py`, `blade.php`. The longest one that fits wins.
    Suffix(&'static str),
    /// The end of the name after a dot, below a folder (`app/etc`, wherever that is in the tree), where a file of a name,
    /// if one is given, is in a folder around.
    Below(&'static str, &'static str, Option<&'static str>),
    /// The whole name.
    Name(&'static str),
    /// The program named in the first line of a file without extension, without its version: `python`.
    Interpreter(&'static str),
    /// The end of the name after the last dot, where the file also begins with a text: `install` and `<?php`.
    Opening(&'static str, &'static str),
}

/// The files of a tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources {
    /// Files in a known language, by path; the id is the place in this list.
    pub files: Vec<SourceFile>,
    /// Every other file that is not ignored, by path.
    pub other_paths: Vec<RelPath>,
    /// What could not be entered or followed, by path.
    pub problems: Vec<Problem>,
}

/// A root that cannot be scanned.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum DiscoverError {
    /// Nothing there, or no permission to look.
    #[error("{}: cannot be opened ({reason}); give the folder of a checkout", path.display())]
    Unreachable {
        /// The root as given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Something else than a folder.
    #[error("{}: is not a folder; give the folder of a checkout", .0.display())]
    NotAFolder(PathBuf),
}

/// Lists the files below `root`; reads no more of them than the first line of those that have no extension.
///
/// # Errors
/// When `root` is not a folder that can be opened; everything below it that fails becomes a [`Problem`].
pub fn discover(root: &Path, config: &Config, languages: &[Extension]) -> Result<Sources, DiscoverError> {
    let unreachable = |error: std::io::Error| DiscoverError::Unreachable { path: root.to_owned(), reason: error.kind().to_string() };
    let real_root = root.canonicalize().map_err(unreachable)?;
    if !real_root.is_dir() {
        return Err(DiscoverError::NotAFolder(root.to_owned()));
    }
    let guess = Guess::new(languages);
    let mut found = walk::walk(&real_root, config, &guess);
    found.drop_files_outside();
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.others.sort_unstable();

    let mut problems = found.problems;
    problems.extend(links::judge(&real_root, &found.links, &found.files, &found.others));
    problems.sort_unstable();
    problems.dedup();

    let paths = found.files.iter().map(|file| &file.path).chain(&found.others);
    let folders = Folders::new(paths);
    let files = found.files.into_iter().enumerate();
    let files = files.map(|(index, file)| source_file(index, file, &folders, config)).collect();
    Ok(Sources { files, other_paths: found.others, problems })
}

/// Numbers a found file, tags it by its path and decides what need not be read.
fn source_file(index: usize, file: walk::Found, folders: &Folders, config: &Config) -> SourceFile {
    let id = FileId(u32::try_from(index).expect("fewer than four billion files"));
    let tags = folders.tags_by_path(&file.path);
    let skipped = file.trouble.or_else(|| {
        let minified = tags.contains(Tag::Minified) && !config.scan.include_tagged.contains(Tag::Minified);
        let too_large = || if file.language == Language::SQL { None } else { read::too_large(file.bytes, config) };
        minified.then(|| "minified, by its name".to_owned()).or_else(too_large)
    });
    SourceFile { id, path: file.path, language: file.language, bytes: file.bytes, tags, skipped }
}

/// A problem with a path as a whole.
fn problem(path: &str, severity: Severity, message: impl Into<String>) -> Problem {
    Problem { path: RelPath::new(path), line: None, severity, message: message.into() }
}
