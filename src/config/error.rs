//! What can be wrong with a config file, each with the sentence that says what to do.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// A config that cannot be used.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The file named with `--config` is not there.
    #[error("{}: there is no such config file; check the path given with --config", .0.display())]
    Missing(PathBuf),
    /// The file is there but cannot be read.
    #[error("{}: the config file cannot be read ({reason}); it must be a readable UTF-8 text file", file.display())]
    Unreadable {
        /// The config file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file says something wrong.
    #[error("{}:{line}: {mistake}", file.display())]
    Wrong {
        /// The config file.
        file: PathBuf,
        /// The line.
        line: u32,
        /// What is wrong there.
        mistake: Mistake,
    },
}

impl ConfigError {
    /// The config file.
    #[must_use]
    pub fn file(&self) -> &Path {
        match self {
            Self::Missing(file) | Self::Unreadable { file, .. } | Self::Wrong { file, .. } => file,
        }
    }

    /// The line, where the trouble has one.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::Wrong { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// What is wrong at one line of a config file.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// No TOML.
    #[error("this is not valid TOML: {0}; correct the line")]
    Syntax(String),
    /// A key nobody knows.
    #[error("unknown key `{key}` {place}; {advice}")]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where it stands, with its preposition.
        place: &'static str,
        /// The nearest known key, or where this one belongs.
        advice: String,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, not {found}; write for example `{example}`")]
    WrongType {
        /// The key.
        key: &'static str,
        /// What is wanted.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
        /// A line that would be right.
        example: &'static str,
    },
    /// A value of the right type that means nothing.
    #[error("`{value}` is no value for `{key}`; use {allowed}")]
    WrongValue {
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: String,
    },
    /// A key that has to be there.
    #[error("this {table} has no `{key}`; add one, for example `{example}`")]
    MissingKey {
        /// The table.
        table: &'static str,
        /// The key.
        key: &'static str,
        /// A line that would be right.
        example: &'static str,
    },
    /// A pattern that cannot be understood.
    #[error("the pattern `{pattern}` cannot be used: {reason}; write a path relative to {base}, such as `shop/**`")]
    BadPattern {
        /// The pattern as written.
        pattern: String,
        /// Why.
        reason: String,
        /// What patterns are relative to.
        base: &'static str,
    },
}
