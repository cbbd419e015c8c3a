//! Runs the statements of testdata/sql/: each names the dialects that accept it and what it does to which tables.
//!
//! A statement is a fence whose info string is `sql` and its dialects (`all` for every one); every statement is read in
//! the unknown dialect too, unless it says `told`. The paragraph below says the answer in parts with `; ` between them:
//! `reads`, `writes`, `defines` and `locks` with tables, `nothing`, and where the case is about them `calls`, `columns`,
//! `joins`, `compares`, `star`, `groups`, `dynamic`. `⟨0⟩` is a hole.

use crate::support::{files_below, here, relative, text_of};
use proptest::prelude::*;
use sqlparser::ast::{Statement as Parsed, TableFactor, visit_relations};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
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
            cases.push(Case { dialects: dialects(info, &place), text: marked(&lines[first..last].join("\n")), answer: (*answer).to_owned(), place });
            at = last + 1;
        }
    }
    cases
}

fn dialects(info: &str, place: &str) -> Vec<Dialect> {
    let mut found = vec![Dialect::Unknown];
    for name in info.split(' ') {
        match name {
            "all" => found.extend(&Dialect::ALL[1..]),
            "told" => found.retain(|dialect| *dialect != Dialect::Unknown),
            _ => found.push(*Dialect::ALL.iter().find(|dialect| dialect.name() == name).unwrap_or_else(|| panic!("{place}: no dialect {name}"))),
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
            _ => ["reads ", "writes ", "defines ", "locks ", "calls ", "columns ", "joins ", "compares "].iter().any(|start| part.starts_with(start)),
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
