//! Whether sqlparser's grammar accepts a text.

use crate::sql::Dialect;
use crate::sql::words::{Kind, Word};
use sqlparser::dialect::{GenericDialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// Longer statements are lists of values, or no statements; the grammar's tree of one costs a thousand times its text.
const MOST_WORDS: usize = 20_000;

/// Chains of operators become trees as deep as they are long, and dropping one recurses.
const MOST_LINKS: usize = 400;

/// Parentheses, CASE and NOT nest the grammar's calls.
const DEEPEST: usize = 40;

/// True when the grammar accepts the text; what would nest too deep for it is not tried.
pub(super) fn accepts(words: &[Word<'_>], dialect: Dialect) -> bool {
    if words.len() > MOST_WORDS || !is_shallow(words) {
        return false;
    }
    let text = plain(words);
    let grammar: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::Unknown => &GenericDialect {},
        Dialect::MySql => &MySqlDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::SqlServer => &MsSqlDialect {},
    };
    Parser::new(grammar).with_recursion_limit(DEEPEST).try_with_sql(&text).and_then(|mut parser| parser.parse_statements()).is_ok()
}

fn is_shallow(words: &[Word<'_>]) -> bool {
    let (mut depth, mut links) = (0_usize, 0_usize);
    for word in words {
        match word.kind {
            Kind::Symbol if matches!(word.text, "(" | "[" | "{") => depth += 1,
            Kind::Symbol if matches!(word.text, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            Kind::Symbol if !matches!(word.text, "," | "." | ";") => links += 1,
            Kind::Name if word.is_any(&["AND", "OR", "NOT", "UNION", "EXCEPT", "INTERSECT", "CASE", "IS", "LIKE", "COLLATE", "BEGIN"]) => {
                links += 1
            }
            _ => {}
        }
        if depth > DEEPEST || links > MOST_LINKS {
            return false;
        }
    }
    true
}

/// The text without comments, with names in place of holes and placeholders; a hole behind an operand, which stands for
/// a whole clause, is left out.
fn plain(words: &[Word<'_>]) -> String {
    let mut out = String::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| words[before]);
        // Words that touched must still touch: `a.b`, `>=`, `'it''s'`.
        let touches = before.is_some_and(|before| before.start + before.text.len() == word.start);
        if !touches {
            out.push(' ');
        }
        match word.kind {
            Kind::Hole | Kind::Placeholder if before.is_some_and(|before| ends_operand(&before)) => {}
            Kind::Hole | Kind::Placeholder if before.is_some_and(|before| before.is("IN")) => out.push_str("(p)"),
            Kind::Hole | Kind::Placeholder => out.push('p'),
            Kind::Name if !word.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80) => {
                out.extend(word.text.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { 'h' }));
            }
            _ => out.push_str(word.text),
        }
    }
    out
}

fn ends_operand(word: &Word<'_>) -> bool {
    match word.kind {
        Kind::Symbol => word.sign(")"),
        Kind::Name => !super::key_words::is_operator(word) && !word.is_any(&["INTO", "UPDATE", "JOIN", "TABLE", "HAVING"]),
        _ => true,
    }
}
