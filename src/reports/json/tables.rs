//! The keys `tables` and `table_accesses`.

use super::Each;
use crate::base::FileId;
use crate::bind::{Access, Table};
use crate::frameworks::tables::{Column, Declaration, ForeignKey};
use crate::project::Project;
use serde::Serialize;

#[derive(Serialize)]
struct DeclaredRow<'a> {
    path: &'a str,
    line: u32,
    by: &'static str,
}

#[derive(Serialize)]
struct ColumnRow<'a> {
    name: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_name: Option<&'a str>,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    path: &'a str,
    line: u32,
    kind: &'static str,
}

#[derive(Serialize)]
struct KeyRow<'a> {
    columns: &'a [String],
    to_table: &'a str,
    to_columns: &'a [String],
    basis: &'static str,
    confidence: f64,
    evidence: Vec<EvidenceRow<'a>>,
}

#[derive(Serialize)]
struct TableRow<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    module: &'a str,
    declared: Vec<DeclaredRow<'a>>,
    columns: Vec<ColumnRow<'a>>,
    primary_key: &'a [String],
    foreign_keys: Vec<KeyRow<'a>>,
    kind: &'static str,
}

/// Tables in the order of their names.
pub(super) fn rows(project: &Project) -> impl Serialize {
    Each(move || project.resolution.tables.rows.iter().map(|table| row(project, table)))
}

fn row<'a>(project: &'a Project, table: &'a Table) -> TableRow<'a> {
    let path = |file: FileId| project.base.path(file);
    let declared = |row: &Declaration| DeclaredRow { path: path(row.file), line: row.line, by: row.by.word() };
    let column = |column: &'a Column| ColumnRow { name: &column.name, type_name: column.type_name.as_deref() };
    let key = |key: &'a ForeignKey| KeyRow {
        columns: &key.columns,
        to_table: &key.to_table,
        to_columns: &key.to_columns,
        basis: key.basis.word(),
        confidence: key.certainty.share(),
        evidence: key.evidence.iter().map(|(file, line, kind)| EvidenceRow { path: path(*file), line: *line, kind }).collect(),
    };
    TableRow {
        name: &table.name,
        schema: table.schema.as_deref(),
        model: table.model.as_ref().map(|(_, name)| name.as_str()),
        module: &project.names.modules[table.module.index()].name,
        declared: table.declared.iter().map(declared).collect(),
        columns: table.columns.iter().map(column).collect(),
        primary_key: &table.primary_key,
        foreign_keys: table.foreign_keys.iter().map(key).collect(),
        kind: "orphan",
    }
}

#[derive(Serialize)]
struct AccessRow<'a> {
    path: &'a str,
    line: u32,
    end_line: u32,
    module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    statement: String,
    table: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    columns: &'a [String],
    operation: &'static str,
    verb: &'a str,
    by: &'static str,
    confidence: f64,
    in_loop: bool,
    in_transaction: bool,
}

/// Accesses by path and line.
pub(super) fn accesses(project: &Project) -> impl Serialize {
    Each(move || project.resolution.tables.accesses.iter().map(|access| access_row(project, access)))
}

fn access_row<'a>(project: &'a Project, access: &'a Access) -> AccessRow<'a> {
    let at = &access.at;
    let path = project.base.path(at.file);
    AccessRow {
        path,
        line: at.line,
        end_line: at.end_line,
        module: &project.names.module(at.file).name,
        function: at.owner.map(|owner| project.base.facts(at.file).qualified_name(owner)),
        statement: format!("{path}:{}:{}", at.line, at.statement),
        table: &project.resolution.tables.rows[access.table.index()].name,
        columns: &at.columns,
        operation: at.operation.word(),
        verb: &at.verb,
        by: at.by.word(),
        confidence: at.certainty.share(),
        in_loop: at.in_loop,
        in_transaction: at.in_transaction,
    }
}
