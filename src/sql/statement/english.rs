//! Tells queries from sentences that begin with the same word.

use crate::sql::Dialect;
use crate::sql::words::{Kind, Word, words};

/// Words that come before a noun in a sentence and hardly ever before another name in SQL.
const ARTICLES: [&str; 19] = [
    "a", "an", "the", "your", "this", "that", "these", "those", "my", "our", "their", "its", "some", "another", "which", "one", "multiple",
    "you", "existing",
];

/// Key words that show that a statement goes on as SQL does.
const CONTINUES: [&str; 18] = [
    "WHERE",
    "USING",
    "ORDER",
    "LIMIT",
    "RETURNING",
    "JOIN",
    "LEFT",
    "INNER",
    "CROSS",
    "AS",
    "GROUP",
    "SET",
    "OUTPUT",
    "FROM",
    "UNION",
    "HAVING",
    "NATURAL",
    "FOR",
];

/// Longer texts are judged by their beginning.
const BEGINNING: usize = 4000;

/// True for text that reads like a query; "Select a file to upload" does not.
///
/// Case, comments, parentheses and line breaks before the verb do not matter. A text that goes on elsewhere is a query
/// when as much of it as there is could be one.
#[must_use]
pub fn looks_like_query(text: &str) -> bool {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let all = words(&text[..end], Dialect::Unknown);
    let start = all.iter().take_while(|word| word.sign("(") || word.sign(";")).count();
    let rest = &all[start..];
    let Some(verb) = rest.first().filter(|word| word.kind == Kind::Name) else { return false };
    if end == text.len() && ends_like_a_sentence(rest) || has_article(rest) {
        return false;
    }
    let next = rest.get(1);
    match verb.text.to_ascii_uppercase().as_str() {
        "SELECT" => selects(rest),
        "INSERT" | "REPLACE" => inserts(rest),
        "UPDATE" => updates(rest),
        "DELETE" => deletes(rest),
        "WITH" => rest.iter().take(12).any(|word| word.is("AS")) && rest.iter().take(14).any(|word| word.sign("(")),
        "MERGE" => rest.iter().any(|word| word.is("USING")),
        "CREATE" | "ALTER" | "DROP" => defines(rest),
        "TRUNCATE" => next.is_some_and(|word| word.is("TABLE")) || shouted(verb) && rest.len() <= 4 && next.is_some_and(is_name),
        "EXPLAIN" => next.is_some() && rest[1..].iter().take(4).enumerate().any(|(at, _)| looks_like_words(&rest[at + 1..])),
        "SHOW" => next.is_some_and(|word| word.is_any(&["TABLES", "COLUMNS", "FULL", "CREATE", "INDEX", "KEYS", "VARIABLES", "DATABASES"])),
        "DESCRIBE" | "CALL" | "EXEC" | "EXECUTE" => {
            next.is_some_and(is_name) && (shouted(verb) || rest.get(2).is_some_and(|word| word.sign("(")))
        }
        "LOCK" => next.is_some_and(|word| word.is_any(&["TABLE", "TABLES"])),
        "RENAME" => next.is_some_and(|word| word.is("TABLE")) && rest.iter().any(|word| word.is("TO")),
        "COPY" => shouted(verb) && rest.iter().any(|word| word.is_any(&["FROM", "TO"])),
        "LOAD" => next.is_some_and(|word| word.is_any(&["DATA", "XML"])) && rest.iter().any(|word| word.is("INTO")),
        "START" | "BEGIN" | "COMMIT" | "ROLLBACK" => {
            shouted(verb) && next.is_none_or(|word| word.is_any(&["TRANSACTION", "WORK"]) || word.sign(";"))
        }
        "VALUES" => next.is_some_and(|word| word.sign("(")) && rest.iter().any(|word| word.sign(",")),
        "PRAGMA" => next.is_some_and(is_name),
        _ => false,
    }
}

fn looks_like_words(rest: &[Word<'_>]) -> bool {
    match rest.first() {
        Some(word) if word.is("SELECT") => selects(rest),
        Some(word) if word.is("UPDATE") => updates(rest),
        Some(word) if word.is("DELETE") => deletes(rest),
        Some(word) if word.is_any(&["INSERT", "REPLACE"]) => inserts(rest),
        _ => false,
    }
}

/// Written in capitals, as key words often are and sentences are not.
fn shouted(word: &Word<'_>) -> bool {
    word.text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Written as sentences begin.
fn capitalised(word: &Word<'_>) -> bool {
    let bytes = word.text.as_bytes();
    bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_lowercase)
}

fn is_name(word: &Word<'_>) -> bool {
    matches!(word.kind, Kind::Name | Kind::Quoted | Kind::Double | Kind::Hole | Kind::Placeholder)
}

fn plain(word: &Word<'_>) -> bool {
    word.kind == Kind::Name && !word.is_any(&CONTINUES)
}

/// "the list?", "Done!", "the page." and "file …"
fn ends_like_a_sentence(rest: &[Word<'_>]) -> bool {
    let [.., before, last] = rest else { return false };
    let touches = before.start + before.text.len() == last.start && before.kind == Kind::Name;
    touches && (last.text == "?" || last.sign(".") || last.sign("!") || last.sign("…") || last.sign(":"))
}

/// An article with a noun behind it.
fn has_article(rest: &[Word<'_>]) -> bool {
    rest.windows(3).any(|three| {
        let (before, article, noun) = (&three[0], &three[1], &three[2]);
        article.kind == Kind::Name
            && ARTICLES.contains(&article.text)
            && plain(noun)
            && !before.sign(".")
            && !before.is("AS")
            && before.kind == Kind::Name
    })
}

fn selects(rest: &[Word<'_>]) -> bool {
    let list = &rest[1..rest.iter().position(|word| word.is_any(&["FROM", "INTO"])).unwrap_or(rest.len())];
    let signs = list.iter().any(|word| !plain(word)) || list.len() == 1;
    if list.len() < rest.len() - 1 {
        let table = rest.get(list.len() + 2);
        let named = table.is_none_or(|word| is_name(word) || word.sign("(") || word.kind == Kind::Variable);
        let more = rest[list.len() + 1..].iter().any(|word| !plain(word) && !word.is("FROM"));
        // "Select name from list" is English, and "select name from list" is not.
        return named
            && !list.is_empty()
            && well_formed(list)
            && (!capitalised(&rest[0]) || signs && list.len() > 1 || more || list[0].sign("*"));
    }
    match list {
        [] => false,
        [one] => matches!(one.kind, Kind::Number | Kind::Text | Kind::Variable) || one.sign("*"),
        [number, after, ..] if matches!(number.kind, Kind::Number | Kind::Text | Kind::Variable) => {
            after.kind == Kind::Symbol || after.is("AS")
        }
        [name, open, ..] if open.sign("(") && name.start + name.text.len() == open.start => true,
        [open, ..] if open.sign("(") => list.iter().any(|word| word.is("SELECT")),
        _ => shouted(&rest[0]) && well_formed(list) && list.iter().any(|word| word.sign(",") || word.sign(".") || word.sign("*")),
    }
}

/// No three names in a row: an expression has at most one alias.
fn well_formed(list: &[Word<'_>]) -> bool {
    let key = [
        "DISTINCT", "ALL", "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "AS", "IS", "NULL", "IN", "LIKE", "OVER", "BY", "TOP",
    ];
    let bare = |word: &Word<'_>| word.kind == Kind::Name && !word.is_any(&key) && !word.text.starts_with("SQL_");
    !list.windows(3).any(|three| three.iter().all(bare)) && !list.first().is_some_and(|word| word.sign(",") || word.sign("."))
}

fn inserts(rest: &[Word<'_>]) -> bool {
    let modifiers = ["IGNORE", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "OR", "REPLACE", "ABORT", "FAIL", "ROLLBACK"];
    let mut at = 1 + rest[1..].iter().take_while(|word| word.is_any(&modifiers)).count();
    let into = rest.get(at).is_some_and(|word| word.is("INTO"));
    at += usize::from(into);
    let Some(table) = rest.get(at).filter(|word| is_name(word)) else { return false };
    let mut after = at + 1;
    while rest.get(after).is_some_and(|word| word.sign(".")) {
        after += 2;
    }
    match rest.get(after) {
        None => into && !ARTICLES.contains(&table.text),
        // REPLACE(a, b) is a function.
        Some(word) if word.sign("(") => into || rest.iter().any(|word| word.is_any(&["VALUES", "SELECT"])),
        Some(word) => {
            word.is_any(&["VALUES", "VALUE", "SELECT", "SET", "DEFAULT", "WITH", "AS", "PARTITION", "OUTPUT"])
                || into && word.kind == Kind::Hole
        }
    }
}

fn updates(rest: &[Word<'_>]) -> bool {
    let Some(set) = rest.iter().position(|word| word.is("SET")).filter(|set| *set >= 2) else { return false };
    let mut at = set + 1;
    while rest.get(at).is_some_and(is_name) && rest.get(at + 1).is_some_and(|word| word.sign(".")) {
        at += 2;
    }
    match (rest.get(at), rest.get(at + 1)) {
        (None, _) => true,
        (Some(column), None) => column.kind == Kind::Hole || shouted(&rest[0]),
        (Some(column), Some(after)) => column.sign("(") || column.kind == Kind::Hole || after.kind == Kind::Symbol && !after.sign("."),
    }
}

fn deletes(rest: &[Word<'_>]) -> bool {
    let Some(from) = rest.iter().position(|word| word.is("FROM")) else { return false };
    let targets = &rest[1..from];
    if targets
        .windows(2)
        .any(|two| two[0].kind == Kind::Name && two[1].kind == Kind::Name && !two[0].is_any(&["IGNORE", "QUICK", "LOW_PRIORITY"]))
    {
        return false;
    }
    let Some(table) = rest.get(from + 1) else { return from == 1 };
    let more = rest[from + 1..].iter().any(|word| word.is_any(&CONTINUES) || word.kind == Kind::Hole);
    let many = rest.len() > from + 3 && rest[from + 1..].iter().take(3).all(plain);
    (is_name(table) || table.sign("(")) && !many && (!capitalised(&rest[0]) || more)
}

fn defines(rest: &[Word<'_>]) -> bool {
    let things = [
        "TABLE",
        "VIEW",
        "INDEX",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "DATABASE",
        "SCHEMA",
        "SEQUENCE",
        "TYPE",
        "EVENT",
        "EXTENSION",
        "USER",
    ];
    let Some(kind) = rest.iter().take(8).position(|word| word.is_any(&things)) else { return false };
    let before = [
        "OR",
        "REPLACE",
        "TEMP",
        "TEMPORARY",
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "MATERIALIZED",
        "VIRTUAL",
        "UNLOGGED",
        "CLUSTERED",
        "GLOBAL",
    ];
    if kind == 0 || !rest[1..kind].iter().all(|word| word.is_any(&before) || shouted(&rest[0])) {
        return false;
    }
    let name = kind + 1 + rest[kind + 1..].iter().take_while(|word| word.is_any(&["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"])).count();
    let Some(named) = rest.get(name) else { return false };
    // "Create table of contents", "Drop table here"
    is_name(named) && (shouted(&rest[0]) || !capitalised(&rest[0]) && !named.is_any(&["of", "for", "here", "with"]))
}
