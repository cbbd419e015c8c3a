//! Runs the statements of testdata/sql/: each names the dialects that accept it and what it does to which tables.
//!
//! A statement is a fence whose info string is `sql` and its dialects (`all` for every one); every statement is read in
//! the unknown dialect too, unless it says `told`. The paragraph below says the answer in parts with `; ` between them:
//! `reads`, `writes`, `defines` and `locks` with tables, `nothing`, and where the case is about them `calls`, `columns`,
//! `joins`, `compares`, `star`, `groups`, `dynamic`. `⟨0⟩` is a hole.

use crate::support::{files_below, here, relative, text_of};
use proptest::prelude::*;
use sqlparser::ast::{Statement as Parsed, visit_relations};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use unpick::sql::statement::{JoinKind, Operation, Role, Statement, Verb, looks_like_query, read};
use unpick::sql::{Dialect, HOLE_END, HOLE_START, Piece, hole, pieces};

/// A statement of a document.
struct Case {
    place: String,
    dialects: Vec<Dialect>,
    text: String,
    answer: String,
}

#[test]
fn statements_of_the_manuals_do_what_the_documents_say() {
    let cases = cases();
    assert!(cases.len() >= 250, "only {} statements", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        for dialect in &case.dialects {
            let statement = read(&case.text, *dialect);
            for difference in differences(&statement, &case.answer) {
                wrong.push(format!("{} in {}: {}\n    {difference}", case.place, dialect.name(), case.text.replace('\n', " ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Every statement of the documents.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for path in files_below(&here("testdata/sql"), ".md") {
        let name = relative(&path, &here("testdata"));
        let text = text_of(&path);
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while at < lines.len() {
            let Some(info) = lines[at].strip_prefix("```sql ") else {
                at += 1;
                continue;
            };
            let first = at + 1;
            let last = first + lines[first..].iter().position(|line| *line == "```").expect("the fence is closed");
            let answer = lines[last + 1..].iter().find(|line| !line.is_empty()).expect("an answer stands below the fence");
            let place = format!("testdata/{name}:{first}");
            cases.push(Case {
                dialects: dialects(info, &place),
                text: marked(&lines[first..last].join("\n")),
                answer: (*answer).to_owned(),
                place,
            });
            at = last + 1;
        }
    }
    cases
}

fn dialects(info: &str, place: &str) -> Vec<Dialect> {
    let mut found = if info.contains("told") { Vec::new() } else { vec![Dialect::Unknown] };
    for name in info.split(' ') {
        match name {
            "all" => found.extend(&Dialect::ALL[1..]),
            "told" => {}
            _ => found
                .push(*Dialect::ALL.iter().find(|dialect| dialect.name() == name).unwrap_or_else(|| panic!("{place}: no dialect {name}"))),
        }
    }
    assert!(!found.is_empty(), "{place}: which dialect?");
    found
}

/// Holes as the reader expects them.
fn marked(text: &str) -> String {
    text.replace('⟨', &HOLE_START.to_string()).replace('⟩', &HOLE_END.to_string())
}

fn shown(text: &str) -> String {
    text.replace(HOLE_START, "⟨").replace(HOLE_END, "⟩")
}

/// What the document says otherwise.
fn differences(statement: &Statement, answer: &str) -> Vec<String> {
    let answer = answer.trim_end_matches('.');
    let parts: Vec<&str> = answer.split("; ").filter(|part| *part != "nothing").collect();
    let mut wrong = Vec::new();
    for what in ["reads", "writes", "defines", "locks"] {
        let expected = listed(&parts, what).unwrap_or_default();
        compare(what, expected, tables(statement, what), &mut wrong);
    }
    for what in ["calls", "columns", "joins", "compares"] {
        if let Some(expected) = listed(&parts, what) {
            compare(what, expected, details(statement, what), &mut wrong);
        }
    }
    for part in &parts {
        let right = match *part {
            "star" => statement.star,
            "no star" => !statement.star,
            "groups" => statement.groups,
            "does not group" => !statement.groups,
            "dynamic" => statement.dynamic,
            "not dynamic" => !statement.dynamic,
            _ => ["reads ", "writes ", "defines ", "locks ", "calls ", "columns ", "joins ", "compares "]
                .iter()
                .any(|start| part.starts_with(start)),
        };
        if !right {
            wrong.push(format!("not so: {part}"));
        }
    }
    wrong
}

fn compare(what: &str, expected: BTreeSet<String>, found: BTreeSet<String>, wrong: &mut Vec<String>) {
    if expected != found {
        wrong.push(format!("{what}: the document says {expected:?}, unpick {found:?}"));
    }
}

fn listed(parts: &[&str], what: &str) -> Option<BTreeSet<String>> {
    let rest = parts.iter().find_map(|part| part.strip_prefix(what)?.strip_prefix(' '))?;
    Some(rest.split(", ").map(str::to_owned).collect())
}

fn tables(statement: &Statement, what: &str) -> BTreeSet<String> {
    let wanted = match what {
        "reads" => Operation::Read,
        "writes" => Operation::Write,
        "defines" => Operation::Ddl,
        _ => Operation::Lock,
    };
    (0..statement.uses.len()).filter(|at| statement.uses[*at].operation == wanted).map(|at| table(statement, at)).collect()
}

fn table(statement: &Statement, at: usize) -> String {
    let found = &statement.uses[at];
    shown(&found.schema.iter().map(|schema| format!("{schema}.")).chain([found.name.clone()]).collect::<String>())
}

fn details(statement: &Statement, what: &str) -> BTreeSet<String> {
    let owner = |table_at: Option<usize>| table_at.map_or("?".to_owned(), |at| table(statement, at));
    match what {
        "calls" => statement.calls.iter().cloned().collect(),
        "joins" => {
            let name = |side: &(usize, String)| format!("{}.{}", table(statement, side.0), side.1);
            let kind = |kind: JoinKind| format!("{kind:?}").to_lowercase();
            statement.joins.iter().map(|join| format!("{} = {} ({})", name(&join.left), name(&join.right), kind(join.kind))).collect()
        }
        "compares" => {
            let with = statement.columns.iter().filter(|column| !column.literals.is_empty());
            with.map(|column| format!("{}.{} with {}", owner(column.table), column.name, column.literals.join(" "))).collect()
        }
        _ => {
            let role = |role: Role| match role {
                Role::Read => "",
                Role::Written => " written",
                Role::Compared => " compared",
            };
            statement.columns.iter().map(|column| format!("{}.{}{}", owner(column.table), column.name, role(column.role))).collect()
        }
    }
}

/// What sqlparser's own syntax tree names as tables of a text, without CTEs, in order of names; `None` where it fails.
fn tables_by_grammar(text: &str, dialect: Dialect) -> Option<(Vec<Parsed>, BTreeSet<String>)> {
    let grammar: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::Unknown => &sqlparser::dialect::GenericDialect {},
        Dialect::MySql => &sqlparser::dialect::MySqlDialect {},
        Dialect::Postgres => &sqlparser::dialect::PostgreSqlDialect {},
        Dialect::Sqlite => &sqlparser::dialect::SQLiteDialect {},
        Dialect::SqlServer => &sqlparser::dialect::MsSqlDialect {},
    };
    let parsed = sqlparser::parser::Parser::parse_sql(grammar, text).ok()?;
    let mut names = BTreeSet::new();
    let _ = visit_relations(&parsed, |name| {
        let last = name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase());
        names.extend(last);
        ControlFlow::<()>::Continue(())
    });
    Some((parsed, names))
}

/// The two readers agree wherever both can be asked: queries and changes, whose syntax trees name all tables. (The
/// grammar takes ONLY of DELETE FROM ONLY for the table.)
#[test]
fn the_grammar_names_the_same_tables() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in cases().iter().filter(|case| !case.text.contains(HOLE_START) && !case.text.contains("DELETE FROM ONLY")) {
        for dialect in &case.dialects {
            let statement = read(&case.text, *dialect);
            let asked = [Verb::Select, Verb::Insert, Verb::Replace, Verb::Update, Verb::Delete, Verb::Merge].contains(&statement.verb);
            let Some((parsed, named)) = tables_by_grammar(&case.text, *dialect).filter(|_| asked) else { continue };
            let ours: BTreeSet<String> = statement.uses.iter().map(|found| found.name.to_lowercase()).collect();
            let missed: Vec<&String> = ours.iter().filter(|name| !named.contains(*name) && !case.text.contains(" INTO ")).collect();
            let tree = format!("{parsed:?}").to_lowercase();
            let extra: Vec<&String> = named.iter().filter(|name| !ours.contains(*name) && !explained(name, &tree, &case.text)).collect();
            compared += 1;
            if !missed.is_empty() || !extra.is_empty() {
                wrong.push(format!(
                    "{} in {}: only ours {missed:?}, only the grammar's {extra:?}: {}",
                    case.place,
                    dialect.name(),
                    case.text
                ));
            }
        }
    }
    assert!(compared > 400, "only {compared} compared");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Why the grammar may call something a relation that is no table: a CTE, an alias that is the target of UPDATE or
/// DELETE, a table function, a variable, DUAL.
fn explained(name: &str, tree: &str, text: &str) -> bool {
    let lower = text.to_lowercase();
    let alias = tree.contains("alias: some(tablealias") || tree.contains("cte");
    let follows = |before: &str, after: &str| lower.contains(&format!("{before}{name}{after}"));
    name == "dual"
        || name.starts_with('@')
        || follows("", "(")
        || alias && ["as ", ") ", " "].iter().any(|before| follows(before, "")) && {
            let cte = follows("with ", " ") || follows("recursive ", " ") || follows(", ", " as") || follows(", ", "(");
            cte || lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| *word == name).count() > 1
        }
}

#[test]
fn sentences_are_no_queries() {
    let sentences = [
        "Select a file to upload",
        "Select a file from your computer",
        "Select the items from the list",
        "Select one or more users",
        "Select All",
        "Select",
        "Select your country",
        "Select name from list",
        "select an option",
        "Select an image, or drag one here",
        "Selected items",
        "Update the cart from your profile",
        "Update posted",
        "Update set successfully",
        "Update",
        "Update your settings",
        "Delete this item from the list?",
        "Delete selected",
        "Delete from cart",
        "Delete the file from the server",
        "Insert into the page",
        "Insert image",
        "Insert the key into the lock",
        "Replace image",
        "Create table of contents",
        "Create a new account",
        "Create user",
        "Drop files here",
        "Show all",
        "Call us now",
        "With love",
        "Set password",
        "Start now",
        "Commit your changes",
        "Begin here",
        "Lock the door",
        "",
        "42",
    ];
    let wrong: Vec<&&str> = sentences.iter().filter(|text| looks_like_query(text)).collect();
    assert!(wrong.is_empty(), "taken for queries: {wrong:?}");
}

#[test]
fn queries_are_queries() {
    let queries = [
        "select id from users",
        "SELECT 1",
        "select now()",
        "Select Name, City From Customers Where Id = 3",
        "\n   -- all of them\n  SELECT\n    *\n  FROM orders",
        "/* who */ (select a from b)",
        "((SELECT a FROM b) UNION (SELECT c FROM d))",
        "SELECT DISTINCT o.id FROM orders o",
        "SELECT COUNT(*) FROM orders",
        "SELECT \u{1}0\u{2} FROM \u{1}1\u{2}",
        "SELECT a, b, ",
        "update orders set state = 'x'",
        "UPDATE \u{1}0\u{2} SET \u{1}1\u{2}",
        "UPDATE orders SET ",
        "delete from cart",
        "DELETE FROM cart WHERE id = ?",
        "DELETE a FROM a JOIN b ON a.id = b.id",
        "insert into log (a) values (%s)",
        "INSERT INTO log SELECT * FROM b",
        "REPLACE INTO log VALUES (1)",
        "with a as (select 1) select * from a",
        "create table if not exists t (id int)",
        "DROP TABLE t",
        "ALTER TABLE t ADD c INT",
        "TRUNCATE TABLE t",
        "truncate table t",
        "EXPLAIN SELECT * FROM t",
        "SHOW TABLES",
        "CALL p(1)",
        "COMMIT",
    ];
    let wrong: Vec<&&str> = queries.iter().filter(|text| !looks_like_query(text)).collect();
    assert!(wrong.is_empty(), "not taken for queries: {wrong:?}");
}

#[test]
fn names_come_apart_into_pieces() {
    let name = format!("wp_{}_x", hole(2));
    assert_eq!(pieces(&name), [Piece::Text("wp_"), Piece::Hole(2), Piece::Text("_x")]);
    assert_eq!(pieces("{user}"), [Piece::Placeholder("{user}")]);
    assert_eq!(pieces("#__users"), [Piece::Placeholder("#__"), Piece::Text("users")]);
    assert_eq!(pieces("orders"), [Piece::Text("orders")]);
}

/// Reads in every dialect; what points into the list of tables stays inside it.
fn read_everywhere(text: &str) {
    for dialect in Dialect::ALL {
        let statement = read(text, dialect);
        for column in &statement.columns {
            assert!(column.table.is_none_or(|table| table < statement.uses.len()));
        }
        for join in &statement.joins {
            assert!(join.left.0 < statement.uses.len() && join.right.0 < statement.uses.len());
        }
    }
    let _ = looks_like_query(text);
}

/// Something quadratic would take hours here.
#[test]
fn monsters_are_read_to_the_end() {
    let n = 100_000;
    let columns: Vec<String> = (0..10_000).map(|at| format!("c{at}")).collect();
    let monsters = [
        "(".repeat(n),
        format!("{}SELECT * FROM t{}", "(".repeat(n), ")".repeat(n)),
        format!("SELECT {}1{} FROM t", "(".repeat(n), ")".repeat(n)),
        format!("SELECT * FROM {}t{}", "(".repeat(n), ")".repeat(n)),
        "SELECT * FROM (".repeat(n / 4),
        "SELECT (".repeat(n / 4),
        format!("SELECT {} FROM t", columns.join(", ")),
        format!("INSERT INTO t ({}) VALUES ({})", columns.join(", "), vec!["?"; 10_000].join(", ")),
        format!("SELECT * FROM {}", columns.join(", ")),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(n / 4)),
        format!("SELECT * FROM t WHERE {}", vec!["a = 1"; n / 4].join(" OR ")),
        "NOT ".repeat(n),
        "CASE WHEN ".repeat(n / 4),
        "WITH a AS (".repeat(n / 4),
        "DELETE FROM a USING (".repeat(n / 4),
        "INSERT INTO t SELECT ".repeat(n / 4),
        "CREATE PROCEDURE p() BEGIN ".repeat(n / 8),
        "$a$ $b$ $c$".repeat(n / 8),
        "'".repeat(n) + "a",
        "/*".repeat(n),
        "/*!".repeat(n),
        "a.".repeat(n),
        "[".repeat(n),
        "{".repeat(n),
        "IF EXISTS (SELECT 1) ".repeat(n / 8),
        "WITH a AS (EXPLAIN ".repeat(n / 8),
        "EXPLAIN ".repeat(n / 4),
        "PREPARE s AS ".repeat(n / 8),
        "CREATE RULE r AS ON UPDATE TO t DO ".repeat(n / 16),
        "UPDATE a SET b = 1 ".repeat(n / 8),
        "CREATE VIEW v AS SELECT ".repeat(n / 8),
        "MERGE INTO t USING u ON a WHEN MATCHED ".repeat(n / 8),
    ];
    for text in &monsters {
        read_everywhere(text);
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        read_everywhere(&text);
    }

    #[test]
    fn words_in_any_order_are_read(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..60)) {
        read_everywhere(&words.join(" "));
        read_everywhere(&words.concat());
    }

    #[test]
    fn beginnings_and_ends_of_statements_are_read(which in 0..328_usize, from in 0..400_usize, length in 0..400_usize) {
        let cases = cases();
        let text: String = cases[which % cases.len()].text.chars().skip(from % 40).take(length).collect();
        read_everywhere(&text);
    }
}

const WORDS: [&str; 72] = [
    "SELECT",
    "INSERT",
    "INTO",
    "UPDATE",
    "DELETE",
    "MERGE",
    "REPLACE",
    "FROM",
    "WHERE",
    "JOIN",
    "LEFT",
    "ON",
    "USING",
    "SET",
    "VALUES",
    "WITH",
    "AS",
    "RECURSIVE",
    "UNION",
    "ALL",
    "ORDER",
    "BY",
    "GROUP",
    "HAVING",
    "LIMIT",
    "CREATE",
    "TABLE",
    "VIEW",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "BEGIN",
    "END",
    "IF",
    "THEN",
    "ELSE",
    "CASE",
    "WHEN",
    "EXISTS",
    "IN",
    "NOT",
    "DROP",
    "ALTER",
    "LOCK",
    "CALL",
    "EXEC",
    "EXECUTE",
    "PREPARE",
    "EXPLAIN",
    "COPY",
    "RETURNING",
    "CONFLICT",
    "DO",
    "DECLARE",
    "(",
    ")",
    ",",
    ".",
    ";",
    "=",
    "*",
    "a",
    "b",
    "`c`",
    "[d]",
    "\"e\"",
    "'f'",
    "$$",
    "?",
    "@v",
    "1",
    "\u{1}0\u{2}",
];
