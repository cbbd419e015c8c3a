//! One column's definition: name, type, attributes.

use super::cursor::Cursor;
use super::{Column, ForeignKey, Key, Part};

/// Words that end a type and begin an attribute.
const ATTRIBUTES: [&str; 42] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "KEY",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "COMMENT",
    "COLLATE",
    "CHARSET",
    "CHARACTER",
    "REFERENCES",
    "CHECK",
    "CONSTRAINT",
    "GENERATED",
    "AS",
    "ON",
    "IDENTITY",
    "STORED",
    "PERSISTENT",
    "PERSISTED",
    "VIRTUAL",
    "INVISIBLE",
    "VISIBLE",
    "FIRST",
    "AFTER",
    "SPARSE",
    "ROWGUIDCOL",
    "COMPRESSED",
    "COMPRESSION",
    "STORAGE",
    "COLUMN_FORMAT",
    "DEFERRABLE",
    "INITIALLY",
    "OPTIONS",
    "USING",
    "CLUSTERED",
    "NONCLUSTERED",
    "ENFORCED",
    "WITH",
    "REF_SYSTEM_ID",
];

/// Types whose name alone says that the server numbers the rows.
const SERIALS: [&str; 6] = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];

/// What a column's definition says; false when a part of it was passed over without being understood.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Option<(Vec<Part>, bool)> {
    let line = cursor.line();
    let name = cursor.name()?;
    let mut column = Column { name, nullable: true, ..Column::default() };
    let type_from = cursor.at;
    read_type(cursor, &mut column);
    let understood = (type_from..cursor.at).all(|at| is_of_type(cursor, at));
    let mut reader = Attributes { cursor, column, parts: Vec::new(), line, constraint: None, understood };
    while !reader.cursor.done() {
        reader.one();
    }
    let Attributes { column, mut parts, understood, .. } = reader;
    parts.insert(0, Part::Column(column));
    Some((parts, understood))
}

/// A type is made of words, quoted words and few signs; anything else makes it doubtful.
fn is_of_type(cursor: &Cursor<'_, '_>, at: usize) -> bool {
    let raw = cursor.tokens.raw(at);
    cursor.tokens.is_word(at) || raw.len() > 1 || b"(),.[]%:-+".contains(&raw.as_bytes()[0])
}

/// Reads the type, which may be missing in SQLite.
pub(super) fn read_type(cursor: &mut Cursor<'_, '_>, column: &mut Column) {
    let from = cursor.at;
    while !cursor.done() {
        // CHARACTER VARYING is of a type, CHARACTER SET is not; WITH TIME ZONE belongs to one.
        let character = cursor.is("CHARACTER") && !cursor.is_ahead(1, "SET");
        let zone = (cursor.is("WITH") || cursor.is("WITHOUT")) && (cursor.is_ahead(1, "TIME") || cursor.is_ahead(1, "LOCAL"));
        if cursor.is_any(&ATTRIBUTES) && !character && !zone || cursor.symbol(b'=') {
            break;
        }
        let values = cursor.is_any(&["ENUM", "SET"]) && cursor.symbol_ahead(1, b'(');
        cursor.skip();
        if zone {
            cursor.skip();
        }
        if values && let Some((range, _)) = cursor.clone().group() {
            column.enum_values = range.filter_map(|at| cursor.tokens.literal(at)).collect();
        }
    }
    column.type_text = cursor.tokens.between(from, cursor.at);
    if SERIALS.iter().any(|serial| column.type_text.eq_ignore_ascii_case(serial)) {
        column.auto = true;
        column.nullable = false;
    }
}

struct Attributes<'c, 't, 'a> {
    cursor: &'c mut Cursor<'t, 'a>,
    column: Column,
    parts: Vec<Part>,
    line: u32,
    /// The name CONSTRAINT gave to what follows.
    constraint: Option<String>,
    understood: bool,
}

impl Attributes<'_, '_, '_> {
    fn own(&self) -> Vec<String> {
        vec![self.column.name.clone()]
    }

    fn one(&mut self) {
        let cursor = &mut *self.cursor;
        if cursor.eat(&["NOT", "NULL"]) {
            self.column.nullable = false;
        } else if cursor.eat(&["NULL"]) {
            self.column.nullable = true;
        } else if cursor.eat(&["DEFAULT"]) {
            self.column.default = Some(expression(cursor));
            self.column.auto |= self.column.default.as_ref().is_some_and(|text| is_nextval(text));
        } else if cursor.eat(&["PRIMARY"]) {
            cursor.eat(&["KEY"]);
            self.column.nullable = false;
            self.parts.push(Part::PrimaryKey(self.own()));
        } else if cursor.eat(&["UNIQUE"]) {
            cursor.eat(&["KEY"]);
            let key = Key { name: self.constraint.take(), columns: self.own() };
            self.parts.push(Part::Unique(key));
        } else if cursor.eat(&["KEY"]) {
            // KEY alone is the primary key.
            self.column.nullable = false;
            self.parts.push(Part::PrimaryKey(self.own()));
        } else if cursor.eat(&["AUTO_INCREMENT"]) || cursor.eat(&["AUTOINCREMENT"]) {
            self.column.auto = true;
        } else if cursor.eat(&["IDENTITY"]) {
            self.column.auto = true;
            self.column.nullable = false;
        } else if cursor.eat(&["COMMENT"]) {
            cursor.eat_symbol(b'=');
            self.column.comment = cursor.literal();
        } else if cursor.is("REFERENCES") {
            let (name, columns, line) = (self.constraint.take(), self.own(), self.line);
            self.parts.extend(references(self.cursor, name, columns, line).map(Part::ForeignKey));
        } else if cursor.eat(&["CONSTRAINT"]) {
            self.constraint = cursor.name();
        } else {
            self.less_telling();
        }
    }

    fn less_telling(&mut self) {
        let cursor = &mut *self.cursor;
        if cursor.eat(&["GENERATED"]) || cursor.is("AS") {
            cursor.eat_all_of(&["ALWAYS", "BY"]);
            cursor.eat(&["DEFAULT"]);
            cursor.eat(&["ON", "NULL"]);
            cursor.eat(&["AS"]);
            if cursor.eat(&["IDENTITY"]) {
                self.column.auto = true;
                self.column.nullable = false;
            } else {
                self.column.generated = true;
            }
            cursor.eat_all_of(&["ROW", "START", "END", "HIDDEN"]);
            cursor.group();
        } else if cursor.eat(&["ON", "UPDATE"]) || cursor.eat(&["ON", "CONFLICT"]) || cursor.eat(&["ON", "DELETE"]) {
            cursor.skip();
            cursor.group();
        } else if cursor.is_any(&["COLLATE", "CHARSET", "CHARACTER"]) {
            cursor.eat(&["CHARACTER"]);
            cursor.at += 1;
            cursor.eat_symbol(b'=');
            cursor.qualified();
        } else if cursor.eat(&["AFTER"]) {
            cursor.at += 1;
        } else if cursor.is_any(&["CHECK", "WITH", "OPTIONS", "COMPRESSED"]) {
            cursor.at += 1;
            cursor.group();
        } else if cursor.is_any(&["STORAGE", "COMPRESSION", "COLUMN_FORMAT", "REF_SYSTEM_ID"]) {
            cursor.at += 1;
            cursor.eat_symbol(b'=');
            cursor.skip();
        } else {
            const PASSED: [&str; 28] = [
                "STORED",
                "PERSISTENT",
                "PERSISTED",
                "VIRTUAL",
                "INVISIBLE",
                "VISIBLE",
                "FIRST",
                "SPARSE",
                "ROWGUIDCOL",
                "DEFERRABLE",
                "INITIALLY",
                "DEFERRED",
                "IMMEDIATE",
                "ASC",
                "DESC",
                "CLUSTERED",
                "NONCLUSTERED",
                "NOT",
                "ENFORCED",
                "FOR",
                "REPLICATION",
                "NO",
                "INHERIT",
                "USING",
                "HASH",
                "BTREE",
                "BINARY",
                "ASCII",
            ];
            self.understood &= cursor.is_any(&PASSED) || cursor.symbol(b'(');
            cursor.skip();
        }
    }
}

/// True when a default takes the next number of a sequence.
pub(super) fn is_nextval(text: &str) -> bool {
    text.to_ascii_lowercase().contains("nextval(")
}

/// The expression behind DEFAULT, as written.
pub(super) fn expression(cursor: &mut Cursor<'_, '_>) -> String {
    let from = cursor.at;
    // The first token belongs to it whatever it is: DEFAULT NULL, DEFAULT -1, DEFAULT 'x'.
    cursor.eat_all_of(&["NOT"]);
    cursor.skip();
    while !cursor.done() && !cursor.is_any(&ATTRIBUTES) && !cursor.symbol(b',') {
        // `'x'::character varying`
        if cursor.symbol(b':') && cursor.symbol_ahead(1, b':') {
            cursor.at += 2;
        }
        // `timestamp with time zone`
        cursor.skip();
        if (cursor.is("WITH") || cursor.is("WITHOUT")) && cursor.is_ahead(1, "TIME") {
            cursor.at += 2;
        }
    }
    cursor.tokens.between(from, cursor.at)
}

/// `REFERENCES t (a, b) ON DELETE ..`
pub(super) fn references(cursor: &mut Cursor<'_, '_>, name: Option<String>, columns: Vec<String>, line: u32) -> Option<ForeignKey> {
    if !cursor.eat(&["REFERENCES"]) {
        return None;
    }
    let to_table = cursor.qualified()?;
    let to_columns = cursor.key_columns().unwrap_or_default();
    loop {
        if cursor.eat(&["MATCH"]) {
            cursor.at += 1;
        } else if cursor.eat(&["ON", "DELETE"]) || cursor.eat(&["ON", "UPDATE"]) {
            if !(cursor.eat(&["SET", "NULL"]) || cursor.eat(&["SET", "DEFAULT"]) || cursor.eat(&["NO", "ACTION"])) {
                cursor.at += 1;
            }
            // SET NULL (a, b) of PostgreSQL.
            cursor.group();
        } else {
            return Some(ForeignKey { name, columns, to_table, to_columns, line, source: 0 });
        }
    }
}
