//! Tables out of statements that make and change them.
//!
//! The scripts of one folder are applied in the order of their names, numbers as numbers, as a migration tool would. A
//! script that makes a table which is there already begins a new schema: that is how the same schema for another server
//! looks. What a script changes in tables of another folder counts for keys only: whether its columns came before or
//! after those that the other folder shows, nobody can tell.

use super::takes_back;
use crate::base::{Certainty, FileId, RelPath};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use crate::names::FactBase;
use crate::sql::Dialect;
use crate::sql::schema::{self, Action, Change, Name, Part, Schema};
use std::collections::BTreeMap;

/// Statements of one file that make and change tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script<'a> {
    pub(super) file: FileId,
    pub(super) dialect: Dialect,
    pub(super) changes: &'a [Change],
}

/// The tables that are there in the end, each as often as there are schemas with it.
pub(super) fn tables(base: &FactBase, scripts: Vec<Script<'_>>) -> Vec<DeclaredTable> {
    let mut folders: BTreeMap<&str, Vec<Script<'_>>> = BTreeMap::new();
    for script in scripts {
        let path = &base.file(script.file).source.path;
        if !takes_back(path.as_str()) {
            folders.entry(series(path)).or_default().push(script);
        }
    }
    let mut schemas: Vec<Schema> = Vec::new();
    let mut elsewhere = Vec::new();
    for scripts in folders.values_mut() {
        scripts.sort_by_key(|script| (in_order(base.path(script.file)), script.file));
        schemas.append(&mut folder(scripts, &mut elsewhere));
    }
    for (file, table, actions) in elsewhere {
        if let Some(schema) = schemas.iter_mut().find(|schema| schema.table(table).is_some()) {
            schema.reading(file.0);
            schema.apply(&Change::AlterTable { table: table.clone(), actions });
        }
    }
    schemas.iter().flat_map(|schema| schema.tables().filter_map(|table| declared(schema, table))).collect()
}

/// The folder whose scripts belong together. Some tools give every migration a folder of its own and call each script
/// the same.
fn series(path: &RelPath) -> &str {
    let folder = path.parent();
    if path.name() == "migration.sql" { folder.rsplit_once('/').map_or(folder, |(above, _)| above) } else { folder }
}

/// A path with its numbers as numbers: `9.sql` comes before `10.sql`.
fn in_order(path: &str) -> Vec<(u128, String)> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let others = rest[digits..].bytes().take_while(|byte| !byte.is_ascii_digit()).count();
        // A file without a number comes behind those with one, as a schema that is kept beside its migrations does.
        let number = if digits == 0 { u128::MAX } else { rest[..digits].parse().unwrap_or(u128::MAX) };
        parts.push((number, rest[digits..digits + others].to_owned()));
        rest = &rest[digits + others..];
    }
    parts
}

/// Changes of tables that another folder may make.
type Elsewhere<'a> = Vec<(FileId, &'a Name, Vec<Action>)>;

/// Applies the scripts of a folder.
fn folder<'a>(scripts: &[Script<'a>], elsewhere: &mut Elsewhere<'a>) -> Vec<Schema> {
    let mut schemas: Vec<Schema> = Vec::new();
    for script in scripts {
        let again = |schema: &Schema| script.changes.iter().any(|change| made(change).is_some_and(|name| schema.table(name).is_some()));
        if schemas.last().is_none_or(again) {
            schemas.push(Schema::new(script.dialect));
        }
        for change in script.changes {
            let last = schemas.len() - 1;
            let at = match changed(change) {
                None => last,
                Some(name) => match schemas.iter().rposition(|schema| schema.table(name).is_some()) {
                    Some(at) => at,
                    None => {
                        if let Change::AlterTable { table, actions } = change {
                            let keys: Vec<Action> = actions.iter().filter(|action| is_key(action)).cloned().collect();
                            elsewhere.extend((!keys.is_empty()).then_some((script.file, table, keys)));
                        }
                        continue;
                    }
                },
            };
            schemas[at].reading(script.file.0);
            schemas[at].apply(change);
        }
    }
    schemas
}

/// The name of the table a change makes.
pub(super) fn made(change: &Change) -> Option<&Name> {
    match change {
        Change::CreateTable { table, .. } => Some(&table.name),
        _ => None,
    }
}

/// The table a change takes for granted.
fn changed(change: &Change) -> Option<&Name> {
    match change {
        Change::AlterTable { table, .. } | Change::DropTable(table) | Change::Comment { table, .. } => Some(table),
        _ => None,
    }
}

fn is_key(action: &Action) -> bool {
    matches!(action, Action::Add(Part::PrimaryKey(_) | Part::ForeignKey(_)))
}

/// A table as the list of tables has it; partitions are parts of theirs, and temporary tables are nobody's.
fn declared(schema: &Schema, table: &schema::Table) -> Option<DeclaredTable> {
    if table.temporary || table.partition_of.is_some() || table.name.name.starts_with('#') || has_hole(&table.name.name) {
        return None;
    }
    let column = |column: &schema::Column| Column {
        name: column.name.clone(),
        type_name: Some(&column.type_text).filter(|text| !text.is_empty()).cloned(),
    };
    Some(DeclaredTable {
        name: table.name.name.clone(),
        schema: table.name.schema.clone(),
        model: None,
        declared: vec![Declaration { file: FileId(table.source), line: table.line, by: DeclaredBy::Sql }],
        columns: table.columns.iter().map(column).collect(),
        primary_key: table.primary_key.clone(),
        foreign_keys: table.foreign_keys.iter().map(|key| foreign_key(schema, key)).collect(),
        polymorphic: Vec::new(),
        told: Told::default(),
    })
}

fn has_hole(name: &str) -> bool {
    crate::sql::pieces(name).iter().any(|piece| !matches!(piece, crate::sql::Piece::Text(_)))
}

fn foreign_key(schema: &Schema, key: &schema::ForeignKey) -> ForeignKey {
    let primary = || schema.table(&key.to_table).map_or_else(Vec::new, |table| table.primary_key.clone());
    ForeignKey {
        columns: key.columns.clone(),
        to_table: key.to_table.name.clone(),
        to_columns: if key.to_columns.is_empty() { primary() } else { key.to_columns.clone() },
        basis: KeyBasis::Declared,
        certainty: Certainty::LITERAL,
        evidence: vec![(FileId(key.source), key.line, "foreign key")],
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn numbers_in_names_are_numbers() {
        let mut names = ["10.sql", "9_users.sql", "v2/1.sql", "schema.sql", "9.sql"];
        names.sort_by_key(|name| in_order(name));
        assert_eq!(names, ["9.sql", "9_users.sql", "10.sql", "schema.sql", "v2/1.sql"]);
    }
}
