//! Reads one file: open, decode, count lines, tag by content.

use super::decode::decode;
use super::lines;
use super::streamed::Streamed;
use super::tags::tags_by_content;
use crate::base::{FileId, Language, Problem, RelPath, Severity, SourceFile, Status, Tags};
use crate::config::Config;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The text of a file as everything after this room sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loaded<'a> {
    /// UTF-8 without byte order mark; lines end in `\n` or `\r\n`, and there are as many as in the file.
    pub text: Cow<'a, str>,
    /// The number of lines; a last one without line end counts.
    pub lines: u32,
    /// The name of the encoding the file was in.
    pub encoding: &'static str,
    /// Whether a byte order mark stood before the text.
    pub bom: bool,
    /// What had to be guessed or repaired about the encoding.
    pub recovered: Option<String>,
    /// The file's final tags: those of its path, corrected by its content.
    pub tags: Tags,
}

impl Loaded<'_> {
    /// The status this reading alone gives.
    #[must_use]
    pub fn status(&self) -> Status {
        self.recovered.clone().map_or(Status::Parsed, Status::Recovered)
    }
}

/// Reads files into a buffer that is used again; one per thread.
#[derive(Clone, Debug)]
pub struct Reader {
    root: PathBuf,
    max_bytes: u64,
    buffer: Vec<u8>,
}

impl Reader {
    /// A reader for files below `root`.
    #[must_use]
    pub fn new(root: &Path, config: &Config) -> Self {
        Self { root: root.to_owned(), max_bytes: config.scan.max_file_bytes, buffer: Vec::new() }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// With the reason why there is none: the file is too large, binary, cannot be opened, or the walk said so.
    pub fn read(&mut self, file: &SourceFile) -> Result<Loaded<'_>, String> {
        if let Some(reason) = &file.skipped {
            return Err(reason.clone());
        }
        self.fill(file)?;
        let decoded = decode(&mut self.buffer, file.language.0 == "python")?;
        Ok(Loaded {
            lines: lines::count(&decoded.text),
            tags: tags_by_content(&file.path, file.tags, &decoded.text),
            text: decoded.text,
            encoding: decoded.encoding,
            bom: decoded.bom,
            recovered: decoded.recovered,
        })
    }

    /// A file that is read piece by piece, whatever its size.
    ///
    /// # Errors
    /// With the reason why there is nothing to read: it is binary, cannot be opened, or the walk said so.
    pub fn open(&self, file: &SourceFile) -> Result<Streamed, String> {
        if let Some(reason) = &file.skipped {
            return Err(reason.clone());
        }
        let (opened, _) = self.plain_file(file)?;
        Streamed::of(BufReader::with_capacity(1 << 16, opened))
    }

    /// Opens a plain file, and says how long it is. The kind is asked for before opening: opening a pipe would wait for a writer, and what is no
    /// plain file now may have been one during the walk.
    #[allow(clippy::disallowed_methods, reason = "discover is one of the rooms that read files")]
    fn plain_file(&self, file: &SourceFile) -> Result<(File, u64), String> {
        let path = self.root.join(file.path.as_str());
        let metadata = path.symlink_metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(format!("not a regular file ({})", if metadata.is_dir() { "a folder" } else { "a link, pipe, socket or device" }));
        }
        Ok((File::open(&path).map_err(failed)?, metadata.len()))
    }

    fn fill(&mut self, file: &SourceFile) -> Result<(), String> {
        let (opened, length) = self.plain_file(file)?;
        self.buffer.clear();
        // One byte more than allowed, so that a file that grows while it is read is noticed and bounded.
        let bound = self.max_bytes.saturating_add(1);
        self.buffer.reserve(usize::try_from(length.min(bound)).unwrap_or(0).saturating_add(1));
        opened.take(bound).read_to_end(&mut self.buffer).map_err(failed)?;
        let length = length.max(self.buffer.len() as u64);
        too_large_for(length, self.max_bytes).map_or(Ok(()), Err)
    }
}

/// The texts of files that are read as a whole, and what could not be read.
#[must_use]
pub fn texts(root: &Path, config: &Config, paths: &[RelPath]) -> (Vec<(RelPath, String)>, Vec<Problem>) {
    let mut reader = Reader::new(root, config);
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let (path, tags) = (path.clone(), Tags::default());
        let file = SourceFile { id: FileId(0), path: path.clone(), language: Language("json"), bytes: 0, tags, skipped: None };
        match reader.read(&file) {
            Ok(loaded) => texts.push((path, loaded.text.into_owned())),
            Err(reason) => problems.push(super::problem(path.as_str(), Severity::Warning, format!("not read: {reason}"))),
        }
    }
    (texts, problems)
}

fn failed(error: std::io::Error) -> String {
    format!("cannot be read: {}", error.kind())
}

/// The reason for a file that is larger than the config allows.
pub(super) fn too_large(bytes: u64, config: &Config) -> Option<String> {
    too_large_for(bytes, config.scan.max_file_bytes)
}

fn too_large_for(bytes: u64, cap: u64) -> Option<String> {
    (bytes > cap).then(|| format!("{bytes} bytes, more than max_file_bytes = {cap}"))
}
