//! Plain types every stage speaks: paths, lines, problems, certainty. Standard library only.

use std::fmt;
use std::sync::Arc;

/// Index of a discovered file; files are numbered in path order, so comparing ids compares paths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

impl FileId {
    /// The id as an index into a list that holds one row per file.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A path relative to the scanned root, `/` between its parts on every platform; `""` is the root itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// Takes a path that is relative and uses `/` already.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds it; `""` for a path directly under the root.
    #[must_use]
    pub fn parent(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The last part without its extension (`models` of `shop/models.py`); a leading dot stays.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rfind('.') {
            Some(dot) if dot > 0 => &name[..dot],
            _ => name,
        }
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// True when `path` is `folder` or lies below it; the folder `""` holds everything.
#[must_use]
pub fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Joins a folder (`""` for the root) and a name with `/`.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A path without `.`, `..` and double slashes; none where it leads out of the tree.
#[must_use]
pub fn plain(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Lines of a stretch of source, 1-based, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

/// How sure a claim is, in percent: 100 is written down literally, less was reasoned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Certainty(pub u8);

impl Certainty {
    /// Written down literally in the source.
    pub const LITERAL: Self = Self(100);

    /// The value as a share between 0 and 1, as the JSON interface prints it.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Something was read with doubt; the rest of the file counts.
    Warning,
    /// Something could not be read at all.
    Error,
}

impl Severity {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that went wrong with one file; the run goes on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Problem {
    /// The file or folder.
    pub path: RelPath,
    /// The line, when there is one.
    pub line: Option<u32>,
    /// How bad.
    pub severity: Severity,
    /// One sentence: what happened and what was done about it.
    pub message: String,
}

/// Why a file is kept apart from the application's own running code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tag {
    /// Tests and their helpers.
    Test,
    /// Other people's code kept in the tree.
    Vendor,
    /// Written by a program.
    Generated,
    /// Database migrations: they count for dependencies and schema, for no metric.
    Migration,
    /// Compressed for delivery.
    Minified,
}

impl Tag {
    /// Every tag, in the order reports print them.
    pub const ALL: [Self; 5] = [Self::Test, Self::Vendor, Self::Generated, Self::Migration, Self::Minified];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Vendor => "vendor",
            Self::Generated => "generated",
            Self::Migration => "migration",
            Self::Minified => "minified",
        }
    }
}

/// A small set of [`Tag`]s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Tags(u8);

impl Tags {
    /// Adds one.
    pub fn insert(&mut self, tag: Tag) {
        self.0 |= 1 << tag as u8;
    }

    /// True when the tag is in the set.
    #[must_use]
    pub fn contains(self, tag: Tag) -> bool {
        self.0 & (1 << tag as u8) != 0
    }

    /// The tags in report order.
    pub fn iter(self) -> impl Iterator<Item = Tag> {
        Tag::ALL.into_iter().filter(move |tag| self.contains(*tag))
    }

    /// True when the file is no part of the application's own running code (all tags but migration).
    #[must_use]
    pub fn left_out(self) -> bool {
        self.iter().any(|tag| tag != Tag::Migration)
    }
}

/// A language unpick reads; the name is the one reports and folders use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Language(pub &'static str);

impl Language {
    /// SQL has no row among the languages: its files are streamed, whatever their size, and leave tables, no facts.
    pub const SQL: Self = Self("sql");
    /// XML leaves documents of keys and values; what they mean is for frameworks.
    pub const XML: Self = Self("xml");
    /// Pages of HTML leave scripts, forms, links, and tags that name templates.
    pub const HTML: Self = Self("html");
    /// Twig leaves tags that name templates.
    pub const TWIG: Self = Self("twig");
    /// YAML leaves such documents too.
    pub const YAML: Self = Self("yaml");
}

/// What came of reading one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// Read without doubt.
    Parsed,
    /// Read around syntax errors or encoding damage; the reason says which.
    Recovered(String),
    /// Not read; the reason says why.
    Skipped(String),
}

impl Status {
    /// The word in reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Recovered(_) => "recovered",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Why it is not simply parsed.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Parsed => None,
            Self::Recovered(reason) | Self::Skipped(reason) => Some(reason),
        }
    }
}

/// One file that belongs to the scanned tree, before anyone read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// Its number in path order.
    pub id: FileId,
    /// Where it is, relative to the scanned root.
    pub path: RelPath,
    /// The language its name (or first line) says.
    pub language: Language,
    /// Size in bytes on disk.
    pub bytes: u64,
    /// What its path says about it; the content may add more.
    pub tags: Tags,
    /// Set where the walk already knows that it will not be read (too large, minified by name, ...).
    pub skipped: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{join, plain};

    #[test]
    fn dots_are_taken_out_and_never_lead_out_of_the_tree() {
        assert_eq!(plain(&join("a/b", "../c.php")).as_deref(), Some("a/c.php"));
        assert_eq!(plain("./a//b/.").as_deref(), Some("a/b"));
        assert_eq!(plain(&join("", "../c.php")), None);
    }
}
