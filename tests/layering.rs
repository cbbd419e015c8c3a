//! The layer table of ARCHITECTURE.md, held against the text of src/.
//!
//! It reads text, not a resolved crate, so it asks for one `use` per room: a grouped `use crate::{a, b}` and
//! `super::super` are refused because it could not see through them.

use crate::support::{files_below, here, relative, text_of};
use std::collections::{BTreeMap, BTreeSet};

/// A room of src/ and the rooms it may name.
type Row = (&'static str, &'static [&'static str]);

/// The table, in pipeline order: a row names only rows above it.
const LAYERS: &[Row] = &[
    ("base", &[]),
    ("config", &["base"]),
    ("facts", &["base"]),
    ("discover", &["base", "config"]),
    ("languages", &["base", "facts"]),
    ("sql", &["base", "facts"]),
    ("names", &["base", "config", "facts"]),
    ("frameworks", &["base", "config", "facts", "names"]),
    ("bind", &["base", "facts", "sql", "names", "frameworks"]),
    ("graph", &["base", "facts", "names", "bind"]),
    ("project", &["base", "facts", "names", "frameworks", "bind", "graph"]),
    ("evidence", &["base"]),
    ("history", &["base", "config"]),
    ("analyses", &["base", "config", "facts", "names", "bind", "graph", "project"]),
    ("plan", &["base", "config", "facts", "names", "bind", "graph", "project", "analyses"]),
    ("contracts", &["frameworks", "project", "plan"]),
    ("gate", &["base", "graph", "project", "analyses"]),
    ("reports", &["base", "config", "facts", "names", "bind", "graph", "project", "analyses", "plan", "contracts", "gate"]),
    ("pipeline", &["base", "config", "facts", "discover", "languages", "sql", "names", "frameworks", "bind", "graph", "project"]),
    ("cli", &["base", "config", "graph", "project", "evidence", "history", "analyses", "plan", "contracts", "gate", "reports", "pipeline"]),
    ("main", &["cli", "languages"]),
];

/// Crates and parts of the standard library that only some rooms may name.
const KEPT: &[(&str, &[&str])] = &[
    ("tree_sitter", &["languages"]),
    ("tree_sitter_javascript", &["languages"]),
    ("tree_sitter_php", &["languages"]),
    ("tree_sitter_python", &["languages"]),
    ("tree_sitter_typescript", &["languages"]),
    ("oxc_resolver", &["names"]),
    ("json_strip_comments", &["names"]),
    ("tree_sitter_xml", &["languages"]),
    ("libmimalloc_sys", &["languages"]),
    ("ignore", &["discover"]),
    ("encoding_rs", &["discover"]),
    ("encoding_rs_io", &["discover"]),
    ("globset", &["config", "evidence"]),
    ("toml", &["config"]),
    ("saphyr", &["frameworks", "reports"]),
    ("sqlparser", &["sql"]),
    ("rayon", &["pipeline"]),
    ("petgraph", &["graph", "analyses"]),
    ("serde", &["config", "gate", "reports"]),
    ("serde_json", &["names", "gate", "reports"]),
    ("base64", &["reports"]),
    ("flate2", &["reports"]),
    ("sha2", &["reports"]),
    ("rusqlite", &["reports"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("gix", &["history"]),
    ("std::fs", &["config", "discover", "evidence", "history", "cli"]),
];

#[test]
fn rooms_name_only_rooms_above_them() {
    let mut wrong = Vec::new();
    for (room, place, line) in lines_of_src() {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == room) else { continue };
        for named in named_rooms(&line) {
            if named != room && !allowed.contains(&named.as_str()) && !is_for_tests(&place) {
                wrong.push(format!("{place}: {room} must not know {named}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_row_and_the_rows_are_in_order() {
    let rows: BTreeMap<&str, usize> = LAYERS.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    let found: BTreeSet<String> = lines_of_src().into_iter().map(|(room, _, _)| room).filter(|room| room != "lib").collect();
    let without: Vec<&String> = found.iter().filter(|room| !rows.contains_key(room.as_str())).collect();
    assert!(without.is_empty(), "no row in tests/layering.rs (and ARCHITECTURE.md) for {without:?}");
    for (name, allowed) in LAYERS {
        for other in *allowed {
            assert!(rows[other] < rows[name], "{name} may name {other}, which comes later");
        }
    }
}

#[test]
fn the_document_shows_the_same_table() {
    let document = text_of(&here("ARCHITECTURE.md"));
    for (name, allowed) in LAYERS {
        let row = format!("| {name} | {} |", if allowed.is_empty() { "-".to_owned() } else { allowed.join(" ") });
        assert!(document.contains(&row), "ARCHITECTURE.md lacks the row {row:?}");
    }
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (room, place, line) in lines_of_src() {
        for (name, rooms) in KEPT {
            if names_path(&line, name) && !rooms.contains(&room.as_str()) && !is_for_tests(&place) {
                wrong.push(format!("{place}: {name} belongs to {rooms:?}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_written_so_that_this_test_can_read_them() {
    let wrong: Vec<String> = lines_of_src()
        .into_iter()
        .filter(|(_, _, line)| line.contains("crate::{") || line.contains("unpick::{") || line.contains("super::super"))
        .map(|(_, place, line)| format!("{place}: one `use` per room, and no super::super: {}", line.trim()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_for_tests_are_compiled_for_tests_only() {
    for path in files_below(&here("src"), ".rs") {
        let name = relative(&path, &here(""));
        if is_for_tests(&name) {
            let module = path.file_stem().expect("it ends in .rs").to_string_lossy().into_owned();
            let parent = text_of(&path.with_file_name("mod.rs"));
            assert!(parent.contains(&format!("#[cfg(test)]\nmod {module};")), "{name} may name any room, so it must be for tests only");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<String> = files_below(&here("src"), ".rs")
        .into_iter()
        .chain(files_below(&here("tests"), ".rs"))
        .filter(|path| !text_of(path).starts_with("//!"))
        .map(|path| relative(&path, &here("")))
        .collect();
    assert!(silent.is_empty(), "no //! at the top of {silent:?}");
}

#[test]
fn what_is_forbidden_would_be_seen() {
    assert_eq!(named_rooms("use crate::names::Tree; fn f(x: crate::base::Tag)"), ["names", "base"]);
    assert_eq!(named_rooms("unpick::languages::install_allocator()"), ["languages"]);
    assert!(names_path("let x = std::fs::read(p);", "std::fs") && names_path("use serde::Serialize;", "serde"));
    assert!(!names_path("my_serde::x", "serde") && !names_path("serde_json::x", "serde"));
}

/// Files that exist for the unit tests of their room; those may scan a whole tree.
fn is_for_tests(place: &str) -> bool {
    ["/tests.rs", "/testing.rs"].iter().any(|name| place.contains(name))
}

/// Every line of code: its room, its place, its text without the comment.
fn lines_of_src() -> Vec<(String, String, String)> {
    let src = here("src");
    let mut lines = Vec::new();
    for path in files_below(&src, ".rs") {
        let name = relative(&path, &src);
        let room = name.split('/').next().expect("a path has a first part").trim_end_matches(".rs").to_owned();
        for (index, line) in text_of(&path).lines().enumerate() {
            let code = if line.trim_start().starts_with("//") { "" } else { line };
            lines.push((room.clone(), format!("src/{name}:{}", index + 1), code.to_owned()));
        }
    }
    lines
}

/// What stands after `crate::` and `unpick::` in a line.
fn named_rooms(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "unpick::"] {
        for (at, _) in line.match_indices(root) {
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let name: String = line[at + root.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(name);
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// True when a line names a crate or module as the start of a path.
fn names_path(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let alone = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
        alone && (line[at + name.len()..].starts_with("::") || line[at + name.len()..].starts_with(';'))
    })
}
