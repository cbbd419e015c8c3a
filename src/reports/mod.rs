//! Documents about the scanned application: one file per format, and the table that names them.
//!
//! Everything here writes to an `impl Write` and decides nothing: figures come from [`Project`] and [`Findings`]. A
//! format is a file and one row of [`FORMATS`]; `--format` takes its values from the table.

pub mod check;
pub mod contracts;
pub mod cycles;
pub mod diff;
pub mod doctor;
mod dot;
mod drawing;
mod evidence;
pub mod externals;
mod figures;
pub mod gods;
pub mod tables;
mod html;
mod json;
mod mermaid;
pub mod messages;
mod options;
mod page;
pub mod plan;
pub mod relations;
pub mod routes;
pub mod schema;
mod sqlite;
mod subject;
#[cfg(test)]
mod testing;
mod text;
pub mod unresolved;
mod wholes;
pub mod why;

pub use options::{Level, Options, Refusal, reading_called};

use crate::analyses::finding::Findings;
use crate::project::Project;
use std::io::{self, Write};

/// What there is to report.
#[derive(Clone, Copy)]
pub struct Outcome<'a> {
    /// The application.
    pub project: &'a Project,
    /// What the analyses say about it.
    pub findings: &'a Findings,
}

/// A way to write the map down.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The file name extension people expect, without the dot.
    pub extension: &'static str,
    /// It also says what routes take and answer, which costs time to read ([`crate::config::Config::payloads`]).
    pub payloads: bool,
    /// Says no before anything is written, when the options make no sense for the format.
    pub check: fn(&Outcome, &Options) -> Result<(), Refusal>,
    /// Writes it.
    pub write: fn(&Outcome, &Options, &mut dyn Write) -> io::Result<()>,
}

/// Every format of `unpick map`.
pub static FORMATS: [&Format; 6] = [
    &text::FORMAT, //
    &json::FORMAT,
    &dot::FORMAT,
    &mermaid::FORMAT,
    &html::FORMAT,
    &sqlite::FORMAT,
];

/// The format with a name.
#[must_use]
pub fn format_called(name: &str) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| format.name == name)
}
