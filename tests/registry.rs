//! Every row of a table has its parts, and every part has a row: a failing line here is the checklist for adding one.

use crate::support::{files_below, here, relative, text_of};
use std::collections::BTreeSet;
use std::path::Path;
use unpick::frameworks::FRAMEWORKS;
use unpick::languages::LANGUAGES;
use unpick::languages::kinds::Kinds;

#[test]
fn every_language_has_its_parts() {
    let mut missing = Vec::new();
    for row in LANGUAGES {
        let name = row.language.0;
        for part in [format!("src/languages/{name}"), format!("queries/{name}"), format!("testdata/languages/{name}")] {
            // A language that is nothing but tags has no grammar.
            if row.read.is_some() && part.starts_with("queries") {
                continue;
            }
            if !here(&part).is_dir() {
                missing.push(format!("the language {name} has no folder {part}/"));
            }
        }
        if here(&format!("testdata/languages/{name}")).is_dir()
            && files_below(&here(&format!("testdata/languages/{name}")), ".md").is_empty()
        {
            missing.push(format!("testdata/languages/{name}/ holds no .md"));
        }
        if row.extensions.is_empty() && row.interpreters.is_empty() && row.below.is_empty() {
            missing.push(format!("no file is ever recognised as {name}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_query_file_is_listed_and_every_listed_file_is_there() {
    for row in LANGUAGES.into_iter().filter(|row| row.read.is_none()) {
        // A language may share files of another whose grammar has the same kinds.
        let own = format!("{}/", row.language.0);
        let listed = row.queries.iter().map(|(file, _)| (*file).to_owned()).filter(|file| file.starts_with(&own));
        let listed: BTreeSet<String> = listed.collect();
        let there = files_below(&here(&format!("queries/{}", row.language.0)), ".scm");
        let there: BTreeSet<String> = there.iter().map(|path| relative(path, &here("queries"))).collect();
        assert_eq!(listed, there, "the row of {} and queries/ do not list the same files", row.language.0);
    }
}

#[test]
fn every_query_compiles_both_ways() {
    for row in LANGUAGES {
        for grammar in row.grammars.iter().map(|grammar| grammar()) {
            for (file, text) in row.queries {
                if let Err(error) = tree_sitter::Query::new(&grammar, text) {
                    panic!("queries/{file}:{}:{}: {}", error.row + 1, error.column + 1, error.message);
                }
            }
            if let Err(error) = Kinds::compile(&grammar, row.queries, row.captures) {
                panic!("{error}");
            }
        }
    }
}

#[test]
fn every_capture_of_a_walk_is_given_by_a_query_and_explained() {
    let contract = text_of(&here("queries/README.md"));
    for row in LANGUAGES {
        for capture in row.captures {
            let pattern = format!(") @{capture}\n");
            let given = row.queries.iter().any(|(_, text)| text.contains(&pattern));
            assert!(given, "no query of {} captures @{capture}, which its walk waits for", row.language.0);
            let group = capture.split('.').next().expect("a capture has a first part");
            let explained = [format!("`{capture}`"), format!("`{group}.*`")].iter().any(|text| contract.contains(text));
            assert!(explained, "queries/README.md says nothing about @{capture}");
        }
    }
}

#[test]
fn every_framework_has_its_parts() {
    let mut missing = Vec::new();
    for row in FRAMEWORKS {
        let name = row.name;
        if !here(&format!("src/frameworks/{name}.rs")).is_file() && !here(&format!("src/frameworks/{name}/mod.rs")).is_file() {
            missing.push(format!("the framework {name} has neither src/frameworks/{name}.rs nor src/frameworks/{name}/"));
        }
        let folder = here(&format!("testdata/frameworks/{name}"));
        let documents = if folder.is_dir() { files_below(&folder, ".md").len() } else { 0 };
        if documents == 0 && !here(&format!("testdata/frameworks/{name}.md")).is_file() {
            missing.push(format!("the framework {name} has no testdata/frameworks/{name}/*.md"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_folder_has_its_row() {
    let languages: BTreeSet<&str> = LANGUAGES.iter().map(|row| row.language.0).collect();
    let frameworks: BTreeSet<&str> = FRAMEWORKS.iter().map(|row| row.name).collect();
    let folders_of_rows = [
        ("queries", &languages),
        ("testdata/languages", &languages),
        ("testdata/frameworks", &frameworks),
        ("src/frameworks", &frameworks),
    ];
    for (folder, rows) in folders_of_rows {
        for name in names_in(&here(folder)) {
            // What frameworks have in common is no framework.
            if folder == "src/frameworks"
                && matches!(name.as_str(), "effects" | "messages" | "orm" | "payloads" | "php" | "python" | "routes" | "tables")
            {
                continue;
            }
            // Frameworks that ask who inherits from whom or what an expression comes to: `orm` and `python` ask them directly.
            let asked = ["doctrine", "fastapi", "flask", "laravel", "php_routes", "sqlalchemy", "symfony", "wordpress"];
            if folder.ends_with("/frameworks") && asked.contains(&name.as_str()) {
                continue;
            }
            assert!(rows.contains(name.as_str()), "{folder}/{name} belongs to no row");
        }
    }
    // Some files of src/languages serve all languages; a folder there is a language.
    for name in names_in(&here("src/languages")) {
        let serves_all = here(&format!("src/languages/{name}.rs")).is_file();
        assert!(serves_all || languages.contains(name.as_str()), "src/languages/{name}/ belongs to no row");
    }
}

/// Names directly in a folder without their extensions, `mod.rs` and README.md aside.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = entries.map(|entry| entry.expect("the folder can be listed").file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name != "mod.rs" && name != "README.md")
        .map(|name| name.trim_end_matches(".rs").trim_end_matches(".md").to_owned())
        .collect()
}
