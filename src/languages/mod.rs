//! Languages: each walks its own syntax tree once and leaves facts; no tree leaves this room.
//!
//! To add one: a folder here, its queries, its testdata, and two lines below.

pub mod builder;
mod extract;
mod forms;
pub mod html;
mod ignores;
pub mod javascript;
pub mod kinds;
pub mod php;
pub mod python;
mod scripts;
mod tags;
pub mod twig;
pub mod typescript;
mod walk;
pub mod xml;
pub mod yaml;

pub use extract::{Extraction, extract, install_allocator, kinds_of};

use crate::base::Language;
use kinds::{Kinds, QueryFile};

/// A folder whose files of one extension are read.
pub struct Below {
    /// The folder, wherever it is in the tree: `app/etc`.
    pub folder: &'static str,
    /// The extension.
    pub suffix: &'static str,
    /// A file that has to be in a folder around, because the folder's name alone says too little.
    pub within: Option<&'static str>,
}

/// Everything the runner needs to know about a language.
pub struct LanguageRow {
    /// Its name.
    pub language: Language,
    /// File name extensions without the dot, lower case.
    pub extensions: &'static [&'static str],
    /// Where files are read, for languages whose files are mostly something else.
    pub below: &'static [Below],
    /// Interpreters of a `#!` line, for files without an extension.
    pub interpreters: &'static [&'static str],
    /// Extensions that other programs use too, and what the file begins with where it is this language's.
    pub openings: &'static [(&'static str, &'static str)],
    /// Its pattern files.
    pub queries: &'static [QueryFile],
    /// The captures its walk knows.
    pub captures: &'static [&'static str],
    /// Its grammars; one where the language has no dialects.
    pub grammars: &'static [fn() -> tree_sitter::Language],
    /// Which of them reads the file at a path.
    pub grammar_of: fn(&str) -> usize,
    /// Another language's row and grammar for files that this one cannot read without errors; the fewer errors win.
    pub otherwise: Option<fn() -> (&'static LanguageRow, usize)>,
    /// What the parser is given instead of the text, byte for byte as long as it; mostly the text itself.
    pub prepare: fn(&str) -> std::borrow::Cow<'_, str>,
    /// What it is given after that, as long again, when there were errors: the text without what the grammar does not
    /// know; none when there is nothing of the kind. The fewer errors win.
    pub retry: fn(&str) -> Option<String>,
    /// The scripts inside a page, for languages that write pages.
    pub scripts: fn(&str) -> Option<String>,
    /// Reads one tree.
    pub extract: fn(&tree_sitter::Tree, &str, &Kinds) -> Extraction,
    /// Reads a file of a language that has no grammar, because nothing but tags is asked for.
    pub read: Option<fn(&str) -> crate::facts::FileFacts>,
}

/// Every language unpick reads.
pub static LANGUAGES: [&LanguageRow; 8] =
    [&html::ROW, &javascript::ROW, &php::ROW, &python::ROW, &twig::ROW, &typescript::ROW, &xml::ROW, &yaml::ROW];

/// The row of a language.
#[must_use]
pub fn row(language: Language) -> Option<&'static LanguageRow> {
    LANGUAGES.into_iter().find(|row| row.language == language)
}

/// Number of lines of a text; a last line without a line break counts.
#[must_use]
pub fn count_lines(text: &str) -> u32 {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    let open_end = !text.is_empty() && !text.ends_with('\n');
    u32::try_from(breaks + usize::from(open_end)).unwrap_or(u32::MAX)
}
