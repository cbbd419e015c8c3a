//! Reads one statement by its first words.

use super::cursor::Cursor;
use super::tokens::Tokens;
use super::{Change, alter, others, table};
use crate::sql::dialect::Dialect;

/// What one statement says about the schema.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    /// What it changes, in order; empty for statements that change nothing a reader of the schema asks about.
    pub changes: Vec<Change>,
    /// A part was passed over without being understood.
    pub recovered: bool,
    /// It makes or changes something, and not even its name could be told.
    pub unresolved: bool,
}

impl Reading {
    fn of(changes: Vec<Change>, recovered: bool) -> Self {
        Self { changes, recovered, unresolved: false }
    }

    /// One change, or the news that it could not be told.
    fn one(change: Option<Change>) -> Self {
        Self { unresolved: change.is_none(), changes: change.into_iter().collect(), recovered: false }
    }
}

/// Reads a statement that begins on a line of its file.
#[must_use]
pub fn read(text: &str, line: u32, dialect: Dialect) -> Reading {
    let tokens = Tokens::of(text, dialect);
    let mut cursor = Cursor::new(&tokens, line);
    let cursor = &mut cursor;
    if cursor.eat(&["CREATE"]) {
        create(cursor)
    } else if cursor.eat(&["ALTER"]) {
        change(cursor)
    } else if cursor.eat(&["DROP"]) {
        Reading::of(others::drop(cursor), false)
    } else if cursor.eat(&["RENAME", "TABLE"]) || cursor.eat(&["RENAME", "TABLES"]) {
        Reading::of(others::rename(cursor), false)
    } else if cursor.eat(&["COMMENT", "ON"]) {
        Reading::of(others::comment(cursor).into_iter().collect(), false)
    } else if cursor.is("USE") && dialect == Dialect::MySql {
        cursor.at += 1;
        Reading::of(cursor.name().map(Change::Use).into_iter().collect(), false)
    } else {
        Reading::default()
    }
}

/// Words that may stand between CREATE and what is made.
const QUALITIES: [&str; 13] = [
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "UNLOGGED",
    "FOREIGN",
    "EXTERNAL",
    "VIRTUAL",
    "COLUMN",
    "AGGREGATE",
    "CONSTRAINT",
    "RECURSIVE",
    "EDITIONABLE",
];

fn create(cursor: &mut Cursor<'_, '_>) -> Reading {
    let mut temporary = false;
    loop {
        if cursor.is_any(&["TEMP", "TEMPORARY"]) {
            temporary = true;
            cursor.at += 1;
        } else if cursor.is_any(&QUALITIES) || cursor.is("ALTER") {
            cursor.at += 1;
        } else if cursor.is_any(&["DEFINER", "ALGORITHM"]) && cursor.symbol_ahead(1, b'=') {
            assignment(cursor);
        } else if cursor.eat(&["SQL", "SECURITY"]) {
            cursor.at += 1;
        } else {
            break;
        }
    }
    let unique = cursor.is("UNIQUE");
    if cursor.eat(&["TABLE"]) {
        return match table::read(cursor, temporary) {
            Some((table, if_not_exists)) => {
                let recovered = table.doubtful;
                Reading::of(vec![Change::CreateTable { table: Box::new(table), if_not_exists }], recovered)
            }
            None => Reading { unresolved: true, ..Reading::default() },
        };
    }
    let materialized = cursor.eat(&["MATERIALIZED"]);
    if cursor.eat(&["VIEW"]) {
        return Reading::one(others::view(cursor, materialized));
    }
    cursor.eat_all_of(&["UNIQUE", "FULLTEXT", "SPATIAL", "CLUSTERED", "NONCLUSTERED", "COLUMNSTORE"]);
    if cursor.eat(&["INDEX"]) {
        return Reading::one(others::index(cursor, unique));
    }
    if cursor.eat(&["EVENT", "TRIGGER"]) {
        return Reading::default();
    }
    if cursor.eat(&["TRIGGER"]) {
        return Reading::one(others::trigger(cursor));
    }
    for (word, kind) in [("PROCEDURE", "procedure"), ("PROC", "procedure"), ("FUNCTION", "function"), ("EVENT", "event")] {
        if cursor.eat(&[word]) {
            // PostgreSQL gives functions the server is written in no body in SQL; the name is told all the same.
            return Reading::one(others::routine(cursor, kind));
        }
    }
    if cursor.eat(&["TYPE"]) {
        return Reading::of(others::enum_type(cursor).into_iter().collect(), false);
    }
    Reading::default()
}

/// `DEFINER = 'user'@'host'`, `ALGORITHM = MERGE`
fn assignment(cursor: &mut Cursor<'_, '_>) {
    cursor.at += 3;
    while cursor.symbol(b'@') {
        cursor.at += 2;
    }
    // Without quotes the lexer takes `user@host` for one word, and of `user@'host'` it leaves the host.
    let raw = cursor.tokens.raw(cursor.at - 1);
    if raw.ends_with('@') || cursor.tokens.raw(cursor.at).starts_with('@') {
        let alone = cursor.tokens.raw(cursor.at) == "@";
        cursor.at += 1 + usize::from(alone);
    }
    cursor.group();
}

fn change(cursor: &mut Cursor<'_, '_>) -> Reading {
    cursor.eat_all_of(&["IGNORE", "ONLINE", "OFFLINE", "FOREIGN"]);
    if cursor.eat(&["TABLE"]) {
        return match alter::read(cursor) {
            Some((change, understood)) => Reading::of(vec![change], !understood),
            None => Reading { unresolved: true, ..Reading::default() },
        };
    }
    if cursor.eat(&["TYPE"]) {
        return Reading::of(others::add_value(cursor).into_iter().collect(), false);
    }
    // ALTER VIEW and ALTER PROCEDURE of SQL Server and MySQL define them anew.
    if cursor.eat(&["VIEW"]) && cursor.clone().qualified().is_some() {
        let view = others::view(cursor, false);
        return Reading::of(
            view.into_iter().filter(|change| matches!(change, Change::CreateView(view) if !view.query.text.is_empty())).collect(),
            false,
        );
    }
    if cursor.tokens.dialect() == Dialect::SqlServer {
        for (word, kind) in [("PROCEDURE", "procedure"), ("PROC", "procedure"), ("FUNCTION", "function")] {
            if cursor.eat(&[word]) {
                return Reading::one(others::routine(cursor, kind));
            }
        }
        if cursor.eat(&["TRIGGER"]) {
            return Reading::one(others::trigger(cursor));
        }
    }
    Reading::default()
}
