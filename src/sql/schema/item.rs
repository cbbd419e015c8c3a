//! One item of a table's definition: a column, a key, a constraint.

use super::column;
use super::cursor::Cursor;
use super::{Key, Parent, Part};
use crate::sql::dialect::Dialect;

/// What an item adds; false when it was not, or not wholly, understood.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> (Vec<Part>, bool) {
    let line = cursor.line();
    let mut name = None;
    if cursor.is("CONSTRAINT") {
        cursor.at += 1;
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        // MySQL allows CONSTRAINT without a name.
        if !cursor.is_any(&["PRIMARY", "FOREIGN", "UNIQUE", "CHECK"]) || cursor.is_ahead(1, "PRIMARY") {
            name = cursor.name();
        }
    }
    let part = if cursor.eat(&["PRIMARY", "KEY"]) {
        key_columns(cursor).map(|(_, columns)| Part::PrimaryKey(columns))
    } else if cursor.eat(&["FOREIGN", "KEY"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let own = if cursor.symbol(b'(') { None } else { cursor.name() };
        let columns = cursor.key_columns().unwrap_or_default();
        column::references(cursor, name.or(own), columns, line).map(Part::ForeignKey)
    } else if is_unique(cursor) {
        cursor.at += 1;
        cursor.eat_all_of(&["KEY", "INDEX", "NULLS", "NOT", "DISTINCT"]);
        key_columns(cursor).map(|(own, columns)| Part::Unique(Key { name: name.or(own), columns }))
    } else if is_index(cursor) {
        cursor.eat_all_of(&["FULLTEXT", "SPATIAL"]);
        cursor.eat_all_of(&["KEY", "INDEX"]);
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        key_columns(cursor).map(|(own, columns)| Part::Index(Key { name: own, columns }))
    } else if cursor.is("LIKE") {
        cursor.at += 1;
        cursor.qualified().map(|table| {
            let rest = || cursor.at..cursor.end;
            // PostgreSQL has to be asked for the keys.
            let asked = rest().any(|at| cursor.tokens.is(at, "ALL") || cursor.tokens.is(at, "INDEXES"));
            Part::Like(Parent { table, keys: asked || cursor.tokens.dialect() != Dialect::Postgres })
        })
    } else if name.is_some() || is_check(cursor) {
        return (Vec::new(), true);
    } else {
        return column::read(cursor).map_or((Vec::new(), false), |(parts, understood)| (parts, understood));
    };
    let understood = part.is_some();
    (part.into_iter().collect(), understood)
}

/// Checks, exclusions, periods and validations: they name no key.
fn is_check(cursor: &Cursor<'_, '_>) -> bool {
    cursor.is("CHECK") && cursor.symbol_ahead(1, b'(')
        || cursor.is("EXCLUDE") && (cursor.symbol_ahead(1, b'(') || cursor.is_ahead(1, "USING"))
        || cursor.is("PERIOD") && cursor.is_ahead(1, "FOR")
}

fn is_unique(cursor: &Cursor<'_, '_>) -> bool {
    cursor.is("UNIQUE")
        && (cursor.symbol_ahead(1, b'(')
            || ["KEY", "INDEX", "CLUSTERED", "NONCLUSTERED", "USING", "NULLS"].iter().any(|word| cursor.is_ahead(1, word))
            || (2..4).any(|ahead| cursor.symbol_ahead(ahead, b'(')) && cursor.tokens.dialect() != Dialect::Postgres)
}

/// KEY and INDEX begin an index in MySQL and SQL Server; elsewhere they are good names for columns.
fn is_index(cursor: &Cursor<'_, '_>) -> bool {
    let kinds =
        cursor.is_any(&["FULLTEXT", "SPATIAL"]) && (cursor.is_ahead(1, "KEY") || cursor.is_ahead(1, "INDEX") || names_columns(cursor));
    kinds
        || cursor.is_any(&["KEY", "INDEX"])
            && !matches!(cursor.tokens.dialect(), Dialect::Postgres | Dialect::Sqlite)
            && names_columns(cursor)
}

/// True when a group follows soon that holds more than the length of a type.
fn names_columns(cursor: &Cursor<'_, '_>) -> bool {
    let mut rest = cursor.clone();
    for _ in 0..6 {
        rest.at += 1;
        if let Some((range, _)) = rest.clone().group() {
            return !range.clone().all(|at| rest.tokens.raw(at).bytes().all(|byte| byte.is_ascii_digit() || byte == b','));
        }
    }
    false
}

/// `name USING BTREE (a, b)` in whichever order; the name first.
fn key_columns(cursor: &mut Cursor<'_, '_>) -> Option<(Option<String>, Vec<String>)> {
    let mut name = None;
    while !cursor.done() {
        if cursor.symbol(b'(') {
            return cursor.key_columns().map(|columns| (name, columns));
        }
        if cursor.is("USING") || cursor.is("TYPE") && name.is_some() {
            // UNIQUE USING INDEX i of PostgreSQL names no columns.
            cursor.at += 1;
            if cursor.eat(&["INDEX"]) {
                return None;
            }
            cursor.at += 1;
        } else if cursor.is_any(&["CLUSTERED", "NONCLUSTERED", "UNIQUE"]) || name.is_some() {
            cursor.at += 1;
        } else {
            name = cursor.name();
            if name.is_none() {
                cursor.at += 1;
            }
        }
    }
    None
}
