//! What a reader may ask of a report.

use crate::graph::views::Reading;
use std::fmt;

/// How fine a report is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// Modules.
    #[default]
    Module,
    /// Files.
    File,
    /// Classes; the JSON map then lists methods too.
    Class,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Module, Self::File, Self::Class];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::File => "file",
            Self::Class => "class",
        }
    }

    /// The level with a word.
    #[must_use]
    pub fn called(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

/// The reading of the graph with a word: `runtime`, `load` or `all`.
#[must_use]
pub fn reading_called(word: &str) -> Option<Reading> {
    Reading::ALL.into_iter().find(|reading| reading.word() == word)
}

/// How a report is to look.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// How fine.
    pub level: Level,
    /// A module, file or class to draw the surroundings of.
    pub focus: Option<String>,
    /// How many steps around the focus.
    pub depth: usize,
    /// At most so many nodes in a drawing.
    pub top: usize,
    /// Which references count in drawings and lists of cycles.
    pub reading: Reading,
    /// Write terminal colours.
    pub colour: bool,
    /// The scanned folder as typed, for commands to paste; none for the current one.
    pub place: Option<String>,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { level: Level::Module, focus: None, depth: 1, top: 40, reading: Reading::Runtime, colour: false, place: None, width: 100 }
    }
}

/// Why a report cannot be written as asked: one sentence, and what to do instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
