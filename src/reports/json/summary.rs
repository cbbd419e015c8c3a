//! The counts at the head of the document, and how much of the tree they rest on.

use crate::base::Tag;
use crate::graph::views::{Level, Reading};
use crate::project::Project;
use crate::reports::Outcome;
use crate::reports::figures::{self, ModuleFigures, Size, Totals};
use serde::Serialize;
use std::collections::BTreeMap;

/// The key `summary`. `files`, `lines`, `bytes` and `languages` are about files that were read and are not left out
/// (migrations are among them); `modules` are those with code of their own; `dependencies` are the rows of
/// `module_dependencies`; `cycles` are those between modules at run time; `god_classes` meet the rule, merely large ones
/// are not among them.
#[derive(Serialize)]
pub(super) struct Summary {
    files: u64,
    lines: u64,
    bytes: u64,
    modules: usize,
    dependencies: usize,
    file_dependencies: usize,
    tables: u64,
    routes: u64,
    cycles: usize,
    cycle_counts: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    god_classes: usize,
    shared_tables: u64,
    external_systems: u64,
    languages: BTreeMap<&'static str, SizeRow>,
    left_out: LeftOut,
}

#[derive(Serialize)]
struct SizeRow {
    files: u64,
    lines: u64,
    bytes: u64,
}

/// Files that are left out, by tag; one with two tags counts under both.
#[derive(Serialize)]
struct LeftOut {
    test: u64,
    vendor: u64,
    generated: u64,
    minified: u64,
}

impl Summary {
    /// Counts.
    pub(super) fn of(outcome: &Outcome, modules: &[ModuleFigures]) -> Self {
        let totals = Totals::of(outcome.project);
        let Size { files, lines, bytes } = totals.own;
        let left_out = |tag| totals.left_out.get(&tag).copied().unwrap_or(0);
        let counts = |level| Reading::ALL.into_iter().map(|reading| (reading.word(), figures::cycles(outcome, level, reading))).collect();
        Self {
            files,
            lines,
            bytes,
            modules: figures::modules_with_code(modules),
            dependencies: outcome.project.graph.module_edges.len(),
            file_dependencies: outcome.project.graph.file_edges.len(),
            tables: outcome.project.resolution.tables.rows.len() as u64,
            routes: outcome.project.resolution.routes.len() as u64,
            cycles: figures::cycles(outcome, Level::Module, Reading::Runtime),
            cycle_counts: Level::ALL.into_iter().map(|level| (level.word(), counts(level))).collect(),
            god_classes: outcome.findings.gods.classes.iter().filter(|class| class.is_god()).count(),
            shared_tables: outcome.findings.tables.shared().len() as u64,
            external_systems: outcome.findings.externals.len() as u64,
            languages: totals
                .languages
                .iter()
                .map(|(name, size)| (*name, SizeRow { files: size.files, lines: size.lines, bytes: size.bytes }))
                .collect(),
            left_out: LeftOut {
                test: left_out(Tag::Test),
                vendor: left_out(Tag::Vendor),
                generated: left_out(Tag::Generated),
                minified: left_out(Tag::Minified),
            },
        }
    }
}

/// The key `coverage`. `files` counts every listed file by its status, tests and left out ones included.
#[derive(Serialize)]
pub(super) struct Coverage {
    files: FileCoverage,
    imports: ImportCoverage,
    sql: SqlCoverage,
    table_accesses: AccessCoverage,
}

#[derive(Serialize)]
struct FileCoverage {
    parsed: u64,
    recovered: u64,
    skipped: u64,
}

#[derive(Serialize)]
struct ImportCoverage {
    internal: u32,
    external: u32,
    unresolved: u32,
}

#[derive(Serialize)]
struct SqlCoverage {
    statements: u64,
    parsed: u64,
    recovered: u64,
    unresolved: u64,
}

#[derive(Serialize, Default)]
struct AccessCoverage {
    resolved: u64,
    unresolved: u64,
}

impl Coverage {
    /// Counts.
    pub(super) fn of(project: &Project) -> Self {
        let totals = Totals::of(project);
        let imports = project.resolution.imports;
        Self {
            files: FileCoverage { parsed: totals.parsed, recovered: totals.recovered, skipped: totals.skipped },
            imports: ImportCoverage { internal: imports.internal, external: imports.external, unresolved: imports.unresolved },
            sql: SqlCoverage {
                statements: project.resolution.sql.statements,
                parsed: project.resolution.sql.parsed,
                recovered: project.resolution.sql.recovered,
                unresolved: project.resolution.sql.unresolved,
            },
            table_accesses: AccessCoverage {
                resolved: project.resolution.tables.accesses.len() as u64,
                unresolved: project.resolution.unresolved.iter().filter(|open| open.kind == "table").count() as u64,
            },
        }
    }
}
