//! What SQL says about tables: files of SQL, and (in rooms beside this file) SQL inside code.

mod code;
mod schemas;
mod uses;
mod views;

use super::Operation;
use crate::base::{Certainty, FileId, Tag, is_within};
use crate::frameworks::tables::{DeclaredTable, Predicates, TableAccess};
use crate::frameworks::{Model, OpenCall};
use crate::names::{FactBase, Names};
use crate::sql::dump::SqlFile;
use crate::sql::schema::{Change, Text};
use crate::sql::statement;
use rustc_hash::FxHashMap;
use schemas::Script;
use std::collections::BTreeSet;
use uses::Site;

/// How many statements of SQL were met, in files and in code, and how reading them went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SqlCounts {
    /// All of them, rows of data included.
    pub statements: u64,
    /// Understood by the book.
    pub parsed: u64,
    /// Read around parts that could not be told.
    pub recovered: u64,
    /// Their table could not be told.
    pub unresolved: u64,
}

/// What SQL adds to the model.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) tables: Vec<DeclaredTable>,
    pub(super) accesses: Vec<TableAccess>,
    pub(super) predicates: Predicates,
    pub(super) open: Vec<OpenCall>,
    pub(super) counts: SqlCounts,
}

/// Numbers statements that begin on the same line.
#[derive(Default)]
struct Numbers(FxHashMap<(FileId, u32), u32>);

impl Numbers {
    fn of(known: &[TableAccess]) -> Self {
        let mut next = FxHashMap::default();
        for access in known {
            let free = next.entry((access.file, access.line)).or_insert(0);
            *free = access.statement.saturating_add(1).max(*free);
        }
        Self(next)
    }

    fn next(&mut self, file: FileId, line: u32) -> u32 {
        let free = self.0.entry((file, line)).or_insert(0);
        *free += 1;
        *free - 1
    }
}

/// Reads everything that is SQL.
pub(super) fn read(base: &FactBase, names: &Names, scripts: &[(FileId, SqlFile)], model: &Model) -> Found {
    let mut found = Found::default();
    let mut numbers = Numbers::of(&model.accesses);
    for (file, script) in scripts {
        let counts = script.counts;
        found.counts.statements += counts.statements;
        found.counts.parsed += counts.parsed;
        found.counts.recovered += counts.recovered;
        found.counts.unresolved += counts.unresolved;
        if !base.file(*file).tags.contains(Tag::Migration) {
            statements(*file, script, &mut numbers, &mut found);
        }
    }
    let in_files = || scripts.iter().map(|(file, script)| Script { file: *file, dialect: script.dialect, changes: &script.changes });
    let names_in_files = in_files().flat_map(|script| script.changes).filter_map(schemas::made).map(|name| name.name.to_lowercase());
    let declared = model.tables.iter().map(|table| table.name.to_lowercase());
    let definitions = code::read(base, names, model, declared.chain(names_in_files).collect(), &mut numbers, &mut found);
    let all: Vec<Script<'_>> = in_files().chain(definitions.iter().map(code::Definitions::script)).collect();
    views::see_through(&all, &mut found.accesses);
    found.tables = schemas::tables(base, all);
    found
}

/// Accesses of a file's statements: queries, views, triggers and routines.
fn statements(file: FileId, script: &SqlFile, numbers: &mut Numbers, found: &mut Found) {
    let mut texts: Vec<(&Text, &'static str)> = script.statements.iter().map(|text| (text, "")).collect();
    for change in &script.changes {
        match change {
            Change::CreateView(view) => texts.push((&view.query, "view")),
            Change::CreateTrigger(trigger) => texts.push((&trigger.body, "trigger")),
            Change::CreateRoutine(routine) if is_sql(routine.language.as_deref()) => texts.push((&routine.body, routine.kind)),
            Change::CreateTable { table, .. } => texts.extend(table.query.as_ref().map(|query| (query, ""))),
            _ => {}
        }
    }
    let temporary: BTreeSet<String> = script.changes.iter().filter_map(temporary_table).collect();
    texts.sort_by_key(|(text, _)| text.line);
    for (text, verb) in texts {
        let statement = statement::read(&text.text, script.dialect);
        let breaks = text.text.bytes().filter(|byte| *byte == b'\n').count();
        let site = Site {
            line: text.line,
            end_line: text.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)),
            statement: numbers.next(file, text.line),
            ..Site::at(file)
        };
        let mut rows = uses::accesses(&statement, &site, Certainty::LITERAL, verb);
        rows.retain(|row| row.operation != Operation::Ddl && !temporary.contains(&row.table.to_lowercase()));
        if verb.is_empty() {
            *(if statement.recovered { &mut found.counts.recovered } else { &mut found.counts.parsed }) += 1;
        }
        found.accesses.append(&mut rows);
        uses::predicates(&statement, &site, &mut found.predicates);
    }
}

fn is_sql(language: Option<&str>) -> bool {
    language.is_none_or(|language| matches!(language, "sql" | "plpgsql" | "tsql" | "plsql"))
}

/// The name of a table that goes away with the session.
fn temporary_table(change: &Change) -> Option<String> {
    match change {
        Change::CreateTable { table, .. } if table.temporary => Some(table.name.name.to_lowercase()),
        _ => None,
    }
}

/// True for scripts that take a schema back: what they drop is there as long as nobody runs them.
fn takes_back(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let marks = ["uninstall", "teardown", "rollback", "revert", ".down.", "_down.", "-down."];
    marks.iter().any(|mark| name.contains(mark)) || name.starts_with("down.") || is_within(path, "down") || path.contains("/down/")
}
