//! CREATE TABLE.

use super::cursor::Cursor;
use super::item;
use super::{Name, Parent, Part, Table, Text};
use std::ops::Range;

/// Reads what stands behind `CREATE .. TABLE`; none where not even a name does.
pub(super) fn read(cursor: &mut Cursor<'_, '_>, temporary: bool) -> Option<(Table, bool)> {
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let line = cursor.first_line;
    let name = cursor.qualified()?;
    let temporary = temporary || name.name.starts_with('#');
    let mut table = Table { name, line, temporary, ..Table::default() };
    if cursor.eat(&["PARTITION", "OF"]) {
        let parent = cursor.qualified();
        table.partition_of.clone_from(&parent);
        table.columns_of.extend(parent.map(|table| Parent { table, keys: true }));
    }
    if cursor.eat(&["OF"]) {
        cursor.qualified();
    }
    if cursor.eat(&["LIKE"]) {
        table.columns_of.extend(cursor.qualified().map(|table| Parent { table, keys: true }));
    }
    if cursor.eat(&["USING"]) {
        module_columns(cursor, &mut table);
        return Some((table, if_not_exists));
    }
    if cursor.symbol(b'(') {
        let (range, closed) = cursor.group().expect("a parenthesis comes next");
        table.doubtful |= !closed;
        let inner = cursor.over(range.clone());
        if inner.is_any(&["SELECT", "WITH"]) && (inner.is_ahead(1, "DISTINCT") || !inner.symbol_ahead(1, b',')) && is_query(&inner) {
            table.query = Some(inner.rest());
        } else {
            definition(&inner, &mut table);
        }
    }
    options(cursor, &mut table);
    Some((table, if_not_exists))
}

/// A column may be called `select`; a query goes on to FROM or an expression.
fn is_query(cursor: &Cursor<'_, '_>) -> bool {
    cursor.items().len() != cursor.end - cursor.at
}

fn definition(inner: &Cursor<'_, '_>, table: &mut Table) {
    for item in inner.items() {
        let mut cursor = inner.over(item.clone());
        let (parts, understood) = item::read(&mut cursor);
        table.doubtful |= !understood;
        for part in parts {
            add(table, part);
        }
        // A forgotten comma hides keys inside the item before them.
        hidden_keys(inner, item, table);
    }
}

/// Puts a part of a definition into the table.
pub(super) fn add(table: &mut Table, part: Part) {
    match part {
        Part::Column(column) => {
            if table.column(&column.name).is_none() {
                table.columns.push(column);
            }
        }
        Part::PrimaryKey(columns) => {
            for column in &mut table.columns {
                if columns.contains(&column.name) {
                    column.nullable = false;
                }
            }
            table.primary_key = columns;
        }
        Part::Unique(key) => table.uniques.push(key),
        Part::Index(key) => table.indexes.push(key),
        Part::ForeignKey(key) => table.foreign_keys.push(key),
        Part::Like(other) => table.columns_of.push(other),
    }
}

fn hidden_keys(inner: &Cursor<'_, '_>, item: Range<usize>, table: &mut Table) {
    let tokens = inner.tokens;
    for at in item.start + 1..item.end {
        let key = tokens.is(at, "KEY") && tokens.symbol(at + 1, b'(');
        if key && tokens.is(at - 1, "PRIMARY") && table.primary_key.is_empty() {
            let columns = inner.over(at + 1..item.end).key_columns().unwrap_or_default();
            add(table, Part::PrimaryKey(columns));
        }
    }
}

/// CREATE VIRTUAL TABLE .. USING module(columns, option=value) of SQLite.
fn module_columns(cursor: &mut Cursor<'_, '_>, table: &mut Table) {
    cursor.name();
    let Some((range, closed)) = cursor.group() else { return };
    table.doubtful |= !closed;
    let inner = cursor.over(range);
    for item in inner.items() {
        let mut cursor = inner.over(item.clone());
        if item.clone().any(|at| inner.tokens.symbol(at, b'=')) {
            continue;
        }
        let (parts, _) = item::read(&mut cursor);
        parts.into_iter().for_each(|part| add(table, part));
    }
}

/// What stands behind the columns.
fn options(cursor: &mut Cursor<'_, '_>, table: &mut Table) {
    while !cursor.done() {
        if cursor.eat(&["COMMENT"]) {
            cursor.eat_symbol(b'=');
            table.comment = cursor.literal().or(table.comment.take());
        } else if cursor.eat(&["INHERITS"]) {
            let parents: Vec<Name> = cursor.group().map(|(range, _)| cursor.over(range).qualified_list()).unwrap_or_default();
            table.columns_of.extend(parents.into_iter().map(|table| Parent { table, keys: false }));
        } else if cursor.eat(&["PARTITION", "BY"]) {
            partitions(cursor, table);
        } else if cursor.eat(&["FOR", "VALUES"]) {
            // The bounds of a partition.
        } else if cursor.is_any(&["SELECT", "WITH", "TABLE", "VALUES"]) && begins_query(cursor) {
            table.query = Some(query(cursor));
            return;
        } else if cursor.is("AS") && (cursor.symbol_ahead(1, b'(') || cursor.at + 1 < cursor.end) {
            cursor.at += 1;
            if cursor.is_any(&["SELECT", "WITH", "TABLE", "VALUES", "EXECUTE"]) || cursor.symbol(b'(') {
                table.query = Some(query(cursor));
                return;
            }
        } else {
            cursor.skip();
        }
    }
}

/// WITH may also begin storage options.
fn begins_query(cursor: &Cursor<'_, '_>) -> bool {
    !cursor.is("WITH") || !cursor.symbol_ahead(1, b'(')
}

fn query(cursor: &mut Cursor<'_, '_>) -> Text {
    let text = cursor.rest();
    cursor.at = cursor.end;
    text
}

/// PARTITION BY RANGE (a) PARTITIONS 4 (PARTITION p0 VALUES .., PARTITION p1 ..)
fn partitions(cursor: &mut Cursor<'_, '_>, table: &mut Table) {
    cursor.eat(&["LINEAR"]);
    cursor.name();
    cursor.eat(&["COLUMNS"]);
    cursor.group();
    while cursor.is_any(&["PARTITIONS", "SUBPARTITION", "SUBPARTITIONS", "BY", "HASH", "KEY", "LINEAR"]) {
        cursor.at += 1;
        if cursor.symbol(b'(') || cursor.tokens.raw(cursor.at).bytes().all(|byte| byte.is_ascii_digit()) {
            cursor.skip();
        }
    }
    let Some((range, _)) = cursor.clone().group() else { return };
    let inner = cursor.over(range);
    for item in inner.items() {
        let mut part = inner.over(item);
        if part.eat(&["PARTITION"]) {
            table.partitions.extend(part.name());
        }
    }
    cursor.skip();
}
