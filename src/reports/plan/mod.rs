//! `unpick plan`: candidates, their order, what each costs and why.

mod dot;
mod figure;
mod html;
mod json;
mod markdown;
mod progress;
mod service;
mod text;
mod words;

pub use figure::Figure;
pub use progress::{New, Progress, Written, progress, write_progress, write_progress_json};

use super::{Options, Outcome};
use crate::analyses::finding::Findings;
use crate::plan::Plan;
use crate::plan::facts::{Facts, Site};
use crate::plan::what_if::Change;
use crate::project::Project;
use std::io::{self, Write};

/// A plan with what it was made from.
#[derive(Clone, Copy)]
pub struct Planned<'a> {
    /// The application.
    pub project: &'a Project,
    /// What the analyses say about it.
    pub findings: &'a Findings,
    /// The facts.
    pub facts: &'a Facts,
    /// The plan.
    pub plan: &'a Plan,
}

impl<'a> Planned<'a> {
    fn outcome(&self) -> Outcome<'a> {
        Outcome { project: self.project, findings: self.findings }
    }

    fn candidate(&self, at: u32) -> &'a str {
        &self.plan.candidates[at as usize].name
    }

    fn table(&self, at: usize) -> &'a str {
        &self.facts.tables[at].name
    }

    fn place(&self, site: Site) -> (&'a str, u32) {
        (self.project.base.path(site.file), site.line)
    }
}

/// A way to write a plan down.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// It also says what routes take and answer ([`crate::reports::Format::payloads`]).
    pub payloads: bool,
    /// Writes it.
    pub write: fn(&Planned<'_>, &Options, &mut dyn Write) -> io::Result<()>,
}

/// Every format of `unpick plan`.
pub const FORMATS: [Format; 5] = [
    Format { name: "text", payloads: false, write: text::write },
    Format { name: "json", payloads: false, write: json::write },
    Format { name: "markdown", payloads: false, write: markdown::write },
    Format { name: "dot", payloads: false, write: dot::write },
    Format { name: "html", payloads: true, write: html::write },
];

/// Writes the figures that a move changes: rows of JSON where JSON is asked for, else text.
///
/// # Errors
/// When writing fails.
pub fn write_changes(changes: &[Change], format: &Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if format.name == "json" {
        return json::write_changes(changes, out);
    }
    text::write_changes(changes, options, out)
}
