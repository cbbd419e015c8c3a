//! The keys `transactions` and `units`.

use super::Each;
use crate::analyses::units::Unit;
use crate::bind::{TableId, TransactionScope};
use crate::facts::DefinitionKind;
use crate::project::Project;
use crate::reports::Outcome;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct TransactionRow<'a> {
    path: &'a str,
    line: u32,
    end_line: u32,
    module: &'a str,
    function: String,
    kind: &'static str,
    tables_written: Vec<&'a str>,
    tables_read: Vec<&'a str>,
    externals: Vec<&'a str>,
}

#[derive(Serialize)]
struct UnitRow<'a> {
    entry: &'a str,
    kind: &'static str,
    path: &'a str,
    line: u32,
    module: &'a str,
    explicit: bool,
    tables_written: Vec<&'a str>,
    tables_read: Vec<&'a str>,
    externals: Vec<&'a str>,
}

/// Transactions by path and line, with what they and their callees touch.
pub(super) fn transactions<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, units) = (outcome.project, &outcome.findings.units);
    let scope = |unit: &Unit| unit.transaction.map(|index| &project.resolution.transactions[index]);
    Each(move || units.iter().filter_map(move |unit| Some(transaction(project, scope(unit)?, unit))))
}

/// Transactions by path and line, then other units by their names.
pub(super) fn units<'a>(outcome: &Outcome<'a>) -> impl Serialize + use<'a> {
    let (project, units) = (outcome.project, &outcome.findings.units);
    Each(move || units.iter().map(move |unit| row(project, unit)))
}

fn transaction<'a>(project: &'a Project, scope: &TransactionScope, unit: &'a Unit) -> TransactionRow<'a> {
    TransactionRow {
        path: project.base.path(scope.file),
        line: scope.span.line,
        end_line: scope.span.end_line,
        module: &project.names.module(scope.file).name,
        function: function(project, scope),
        kind: scope.kind,
        tables_written: names(project, &unit.written),
        tables_read: names(project, &unit.read),
        externals: unit.externals.iter().map(String::as_str).collect(),
    }
}

fn row<'a>(project: &'a Project, unit: &'a Unit) -> UnitRow<'a> {
    UnitRow {
        entry: &unit.entry,
        kind: unit.kind,
        path: project.base.path(unit.at.0),
        line: unit.at.1,
        module: &project.names.modules[unit.module.index()].name,
        explicit: unit.transaction.is_some(),
        tables_written: names(project, &unit.written),
        tables_read: names(project, &unit.read),
        externals: unit.externals.iter().map(String::as_str).collect(),
    }
}

fn names<'a>(project: &'a Project, tables: &BTreeSet<TableId>) -> Vec<&'a str> {
    tables.iter().map(|table| project.resolution.tables.rows[table.index()].name.as_str()).collect()
}

/// The innermost function with a name around a scope; empty where there is none.
fn function(project: &Project, scope: &TransactionScope) -> String {
    let facts = project.base.facts(scope.file);
    let mut at = scope.owner;
    while let Some(id) = at {
        if facts.definition(id).kind != DefinitionKind::Lambda {
            return facts.qualified_name(id);
        }
        at = facts.definition(id).owner;
    }
    String::new()
}
