//! The map as JSON: the interface for scripts, streamed row by row and never held as a whole.
//!
//! Every key of the contract is always there. Each row stands on a line of
//! its own, so that `diff` and `grep` are of use. MAP.md and `unpick schema map` describe the document.

mod cycles;
mod definitions;
mod dependencies;
pub(super) mod externals;
mod files;
pub(super) mod gods;
mod http_calls;
pub(super) mod messages;
mod modules;
mod open;
pub(super) mod routes;
mod rows;
mod summary;
pub(super) mod tables;
mod units;

pub(super) use cycles::CycleRow;
pub(super) use open::UnresolvedRow;
pub(super) use rows::{Document, Each};

use super::{Format, Level, Options, Outcome, figures};
use serde::Serialize;
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "json", extension: "json", payloads: false, check: |_, _| Ok(()), write };

/// The version of the document; keys may be added without a new one.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// Who wrote the document.
#[derive(Serialize)]
pub(super) struct Generator {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub(super) const GENERATOR: Generator = Generator { name: "unpick", version: env!("CARGO_PKG_VERSION") };

/// Writes the document, each row on a line of its own.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let project = outcome.project;
    let modules = figures::modules(project);
    let with_methods = options.level == Level::Class;
    let mut document = Document::start(out)?;
    document.key("schema_version", &SCHEMA_VERSION)?;
    document.key("generator", &GENERATOR)?;
    document.key("summary", &summary::Summary::of(outcome, &modules))?;
    document.key("coverage", &summary::Coverage::of(project))?;
    document.key("files", &files::rows(project))?;
    document.key("file_dependencies", &dependencies::by_file(project))?;
    document.key("modules", &modules::rows(project, &modules))?;
    document.key("module_dependencies", &dependencies::by_module(project))?;
    document.key("definitions", &definitions::rows(project, with_methods))?;
    document.key("tables", &tables::rows(outcome))?;
    document.key("table_accesses", &tables::accesses(project))?;
    document.key("routes", &routes::rows(project))?;
    document.key("http_calls", &http_calls::rows(project))?;
    document.key("external_systems", &externals::rows(outcome))?;
    document.key("transactions", &units::transactions(outcome))?;
    document.key("units", &units::units(outcome))?;
    document.key("messages", &messages::rows(project))?;
    document.key("cycles", &Each(|| outcome.findings.cycles.iter().map(|cycle| CycleRow::of(project, cycle))))?;
    document.key("god_classes", &gods::classes(outcome))?;
    document.key("god_files", &gods::files(outcome))?;
    document.key("god_modules", &gods::modules(outcome))?;
    document.key("god_tables", &tables::gods(outcome))?;
    document.key("shared_tables", &tables::shared(outcome))?;
    document.key("table_families", &tables::families(outcome))?;
    document.key("table_splits", &tables::splits(outcome))?;
    document.key("unresolved", &open::unresolved(project))?;
    document.key("problems", &open::problems(project))?;
    document.finish()
}
