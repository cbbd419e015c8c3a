//! What a statement is, told by its first words.

use crate::sql::dialect::Dialect;
use crate::sql::schema::tokens::Tokens;

/// What a statement does, as far as its first words say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Rows for a table: `INSERT .. VALUES`, `COPY`.
    Data,
    /// Makes, changes or removes tables and their kin.
    Ddl,
    /// Reads or writes rows, or calls a routine.
    Dml,
    /// Settings, locks, transactions, grants and whatever else.
    Other,
}

/// How many bytes of a statement its first words are looked for in.
pub(super) const HEAD: usize = 1024;

/// The beginning of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) kind: Kind,
    /// It may hold further statements between BEGIN and END.
    pub(super) compound: bool,
    /// `COPY`, whose rows may follow.
    pub(super) copy: bool,
    /// `MERGE`, in which a line may begin with INSERT.
    pub(super) merge: bool,
}

impl Head {
    pub(super) fn of(bytes: &[u8], dialect: Dialect) -> Self {
        let word = first_word(bytes);
        let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
        let kind = if is(&["INSERT", "REPLACE"]) {
            Kind::Data
        } else if is(&["CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "USE"]) {
            Kind::Ddl
        } else if is(&["SELECT", "UPDATE", "DELETE", "WITH", "MERGE", "TRUNCATE", "CALL", "EXEC", "EXECUTE", "DO", "TABLE", "VALUES"])
            || is(&["REFRESH", "LOAD", "BULK", "COPY"])
            || word.is_empty() && bytes.first() == Some(&b'(')
        {
            Kind::Dml
        } else {
            Kind::Other
        };
        let compound = kind == Kind::Ddl && is(&["CREATE", "ALTER"]) && makes_routine(bytes, dialect);
        Self { kind, compound, copy: is(&["COPY"]), merge: is(&["MERGE"]) }
    }
}

/// The letters a statement begins with, past the mark of a conditional comment.
fn first_word(bytes: &[u8]) -> &[u8] {
    let mut from = 0;
    if bytes.starts_with(b"/*!") || bytes.starts_with(b"/*M!") {
        from = bytes.iter().position(|byte| *byte == b'!').map_or(0, |at| at + 1);
        from += bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        from += bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    let rest = &bytes[from..];
    &rest[..rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()]
}

/// True for triggers, procedures, functions, events and packages.
fn makes_routine(bytes: &[u8], dialect: Dialect) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let tokens = Tokens::of(&text, dialect);
    for at in 1..tokens.len().min(24) {
        let is = |known: &[&str]| known.iter().any(|known| tokens.is(at, known));
        if is(&["TRIGGER", "PROCEDURE", "PROC", "FUNCTION", "EVENT", "PACKAGE"]) {
            // CREATE EVENT TRIGGER of PostgreSQL has no body; it does no harm here.
            return true;
        }
        if is(&["TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "TYPE", "SEQUENCE", "USER", "ROLE", "RULE", "AS"])
            || tokens.symbol(at, b'(') && at > 20
        {
            return false;
        }
    }
    false
}
