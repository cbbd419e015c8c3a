//! Statements about views, indexes, triggers, routines, types and comments.

use super::column;
use super::cursor::Cursor;
use super::{Action, Change, Key, Name, Part, Routine, Text, Trigger, View};
use crate::sql::dialect::Dialect;

/// Reads what stands behind `CREATE VIEW`.
pub(super) fn view(cursor: &mut Cursor<'_, '_>, materialized: bool) -> Option<Change> {
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let name = cursor.qualified()?;
    let columns = match cursor.group() {
        Some((range, _)) => {
            let inner = cursor.over(range);
            inner.items().into_iter().filter_map(|item| inner.tokens.name(item.start)).collect()
        }
        None => Vec::new(),
    };
    while !cursor.done() && !cursor.is("AS") && !cursor.is("SELECT") {
        cursor.skip();
    }
    cursor.eat(&["AS"]);
    Some(Change::CreateView(View { name, columns, query: cursor.rest(), materialized, line: cursor.first_line }))
}

/// Reads what stands behind `CREATE INDEX`.
pub(super) fn index(cursor: &mut Cursor<'_, '_>, unique: bool) -> Option<Change> {
    cursor.eat_all_of(&["CONCURRENTLY"]);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let mut name = None;
    while !cursor.done() && !cursor.is("ON") {
        if name.is_none() && !cursor.is("USING") {
            name = cursor.qualified().map(|name| name.name);
            if name.is_none() {
                cursor.at += 1;
            }
        } else {
            cursor.at += 1;
        }
    }
    if !cursor.eat(&["ON"]) {
        return None;
    }
    cursor.eat(&["ONLY"]);
    let table = cursor.qualified()?;
    if cursor.eat(&["USING"]) {
        cursor.at += 1;
    }
    let key = Key { name, columns: cursor.key_columns().unwrap_or_default() };
    // A unique index over some rows only says nothing about the others.
    let partial = cursor.is("WHERE") || (cursor.at..cursor.end).any(|at| cursor.tokens.is(at, "WHERE"));
    let part = if unique && !partial { Part::Unique(key) } else { Part::Index(key) };
    Some(Change::AlterTable { table, actions: vec![Action::Add(part)] })
}

/// Reads what stands behind `CREATE TRIGGER`.
pub(super) fn trigger(cursor: &mut Cursor<'_, '_>) -> Option<Change> {
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let name = cursor.qualified()?;
    let server = cursor.tokens.dialect() == Dialect::SqlServer;
    // The columns of UPDATE OF and the like stand before ON.
    while !cursor.done() && !cursor.is("ON") {
        cursor.skip();
    }
    cursor.eat(&["ON"]);
    let table = cursor.qualified()?;
    while !cursor.done() && !cursor.is_any(&["BEGIN", "EXECUTE"]) {
        if server && cursor.eat(&["AS"]) || cursor.eat(&["FOR", "EACH", "ROW"]) && !postgres_or_sqlite(cursor) {
            break;
        }
        cursor.skip();
    }
    if cursor.is_any(&["FOLLOWS", "PRECEDES"]) {
        cursor.at += 2;
    }
    Some(Change::CreateTrigger(Trigger { name, table, body: cursor.rest(), line: cursor.first_line }))
}

/// There a condition may follow FOR EACH ROW before the body does.
fn postgres_or_sqlite(cursor: &Cursor<'_, '_>) -> bool {
    matches!(cursor.tokens.dialect(), Dialect::Postgres | Dialect::Sqlite) || cursor.is("WHEN")
}

/// Reads what stands behind `CREATE PROCEDURE`, `FUNCTION` or `EVENT`.
pub(super) fn routine(cursor: &mut Cursor<'_, '_>, kind: &'static str) -> Option<Change> {
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let line = cursor.first_line;
    let name = cursor.qualified()?;
    if cursor.tokens.dialect() != Dialect::SqlServer {
        cursor.group();
    }
    let mut language = None;
    let mut body = Text::default();
    while !cursor.done() {
        if cursor.eat(&["LANGUAGE"]) {
            language = cursor.name().map(|name| name.to_lowercase());
        } else if cursor.is("AS") && cursor.tokens.literal(cursor.at + 1).is_some() && cursor.tokens.is_text(cursor.at + 1) {
            cursor.at += 1;
            body.line = cursor.line();
            body.text = cursor.literal().unwrap_or_default();
        } else if begins_body(cursor, kind) {
            let word = cursor.is_any(&["AS", "DO"]);
            cursor.at += usize::from(word);
            body = cursor.rest();
            cursor.at = cursor.end;
        } else {
            characteristic(cursor);
        }
    }
    Some(Change::CreateRoutine(Routine { kind, name, body, language, line }))
}

fn begins_body(cursor: &Cursor<'_, '_>, kind: &str) -> bool {
    const STATEMENTS: [&str; 17] = [
        "BEGIN", "SELECT", "INSERT", "UPDATE", "DELETE", "SET", "IF", "CALL", "RETURN", "REPLACE", "TRUNCATE", "WITH", "CASE", "WHILE",
        "LOOP", "REPEAT", "DECLARE",
    ];
    match cursor.tokens.dialect() {
        Dialect::SqlServer => cursor.is("AS"),
        // SET x = 1 and the like are characteristics of a function there.
        Dialect::Postgres => cursor.is_any(&["BEGIN", "RETURN"]),
        _ if kind == "event" => cursor.is("DO"),
        _ => cursor.is_any(&STATEMENTS) || cursor.symbol_ahead(1, b':'),
    }
}

/// Steps over one word between a routine's parameters and its body.
fn characteristic(cursor: &mut Cursor<'_, '_>) {
    if cursor.eat(&["COMMENT"]) || cursor.eat(&["CHARSET"]) || cursor.eat(&["CHARACTER", "SET"]) {
        cursor.at += 1;
    } else if cursor.is("SET") && cursor.symbol_ahead(1, b'(') {
        cursor.at += 1;
        cursor.group();
    } else {
        cursor.skip();
    }
}

/// Reads what stands behind `CREATE TYPE`.
pub(super) fn enum_type(cursor: &mut Cursor<'_, '_>) -> Option<Change> {
    let name = cursor.qualified()?;
    if !cursor.eat(&["AS", "ENUM"]) {
        return None;
    }
    let (range, _) = cursor.group()?;
    let values = range.filter_map(|at| cursor.tokens.literal(at)).collect();
    Some(Change::EnumType { name, values })
}

/// Reads what stands behind `ALTER TYPE`.
pub(super) fn add_value(cursor: &mut Cursor<'_, '_>) -> Option<Change> {
    let name = cursor.qualified()?;
    if !cursor.eat(&["ADD", "VALUE"]) {
        return None;
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    Some(Change::EnumType { name, values: vec![cursor.literal()?] })
}

/// Reads what stands behind `COMMENT ON`.
pub(super) fn comment(cursor: &mut Cursor<'_, '_>) -> Option<Change> {
    let about_column = cursor.is("COLUMN");
    if !about_column && !cursor.is("TABLE") {
        return None;
    }
    cursor.at += 1;
    let mut names = vec![cursor.name()?];
    while cursor.eat_symbol(b'.') {
        names.push(cursor.name()?);
    }
    let column = if about_column { names.pop() } else { None };
    let name = names.pop()?;
    if !cursor.eat(&["IS"]) {
        return None;
    }
    // E'..' is two tokens.
    if cursor.is("E") {
        cursor.at += 1;
    }
    Some(Change::Comment { table: Name { schema: names.pop(), name }, column, comment: cursor.literal() })
}

/// Reads what stands behind `DROP`.
pub(super) fn drop(cursor: &mut Cursor<'_, '_>) -> Vec<Change> {
    cursor.eat_all_of(&["TEMPORARY", "MATERIALIZED", "FOREIGN"]);
    let Some(what) = cursor.name() else { return Vec::new() };
    cursor.eat_all_of(&["CONCURRENTLY"]);
    cursor.eat(&["IF", "EXISTS"]);
    let names = cursor.qualified_list();
    let make: fn(Name) -> Change = match what.to_ascii_uppercase().as_str() {
        "TABLE" => Change::DropTable,
        "VIEW" => Change::DropView,
        "TRIGGER" => Change::DropTrigger,
        "PROCEDURE" | "PROC" | "FUNCTION" | "EVENT" => Change::DropRoutine,
        "INDEX" => {
            let on = cursor.eat(&["ON"]).then(|| cursor.qualified()).flatten();
            return names
                .into_iter()
                .map(|index| match &on {
                    Some(table) => Change::AlterTable { table: table.clone(), actions: vec![Action::DropKey(index.name)] },
                    None => Change::DropIndex(index),
                })
                .collect();
        }
        _ => return Vec::new(),
    };
    names.into_iter().map(make).collect()
}

/// Reads what stands behind `RENAME TABLE`.
pub(super) fn rename(cursor: &mut Cursor<'_, '_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for item in cursor.items() {
        let mut pair = cursor.over(item);
        pair.eat(&["IF", "EXISTS"]);
        let from = pair.qualified();
        if let (Some(table), true, Some(to)) = (from, pair.eat(&["TO"]), pair.qualified()) {
            changes.push(Change::AlterTable { table, actions: vec![Action::RenameTo(to)] });
        }
    }
    changes
}

/// True when a default numbers the rows.
pub(super) fn numbers(default: Option<&String>) -> bool {
    default.is_some_and(|text| column::is_nextval(text))
}
