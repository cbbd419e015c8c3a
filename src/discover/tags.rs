//! What the content of a file says about it, where the path alone is not enough.
//!
//! A wrong tag takes running code off the map, a missing one only adds a file to it; so a name like `test_*.py` or
//! `*_test.py` counts only when the text agrees. `connection_test.py` may well be a model and `cli/test.py` a command.

use super::{generated, libraries, minified};
use crate::base::{RelPath, Tag, Tags};

/// Migrations say so early: looking further would cost time in every file.
const MIGRATION_HEAD: usize = 8_192;

/// Languages whose test files have names of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TestName {
    Python,
    Php,
    /// A specification of phpspec, a context of Behat.
    PhpSpec,
    Script,
}

/// The final tags of a file: those of its path, and what its text adds.
#[must_use]
pub fn tags_by_content(path: &RelPath, by_path: Tags, text: &str) -> Tags {
    let mut tags = by_path;
    if !tags.contains(Tag::Migration) && !tags.contains(Tag::Test) {
        if test_name(path.name()).is_some_and(|name| is_test(name, text)) {
            tags.insert(Tag::Test);
        } else if path.name().ends_with(".py") && is_migration(text) || is_script_migration(path, text) {
            tags.insert(Tag::Migration);
        }
    }
    if !tags.contains(Tag::Vendor) && libraries::is_published(path, text) {
        tags.insert(Tag::Vendor);
    }
    // A migration made by a tool is still a migration, and those are never left out.
    if !tags.contains(Tag::Generated)
        && !tags.contains(Tag::Migration)
        // What a package hands on is needed to know what a name means, whoever wrote the list.
        && path.name() != "__init__.py"
        && (generated::by_content(text) || generated::is_document(path, text) || libraries::is_bundled(path, text))
    {
        tags.insert(Tag::Generated);
    }
    if !tags.contains(Tag::Minified) && minified::by_content(path, text) {
        tags.insert(Tag::Minified);
    }
    tags
}

/// Whether a file has the name of a test, and of which kind.
pub(super) fn test_name(name: &str) -> Option<TestName> {
    let (stem, extension) = name.rsplit_once('.')?;
    match extension {
        "py" => {
            let told = matches!(stem, "test" | "tests")
                || ["test_", "tests_"].iter().any(|start| stem.starts_with(start))
                || ["_test", "_tests"].iter().any(|end| stem.ends_with(end));
            told.then_some(TestName::Python)
        }
        "php" if ["Spec", "Context"].iter().any(|end| stem.ends_with(end)) => Some(TestName::PhpSpec),
        "php" => ["Test", "TestCase", "Cest"].iter().any(|end| stem.ends_with(end)).then_some(TestName::Php),
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" => {
            [".test", ".spec", ".cy"].iter().any(|end| stem.ends_with(end)).then_some(TestName::Script)
        }
        _ => None,
    }
}

/// Whether the text of a file with a test's name is one.
fn is_test(name: TestName, text: &str) -> bool {
    let any = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    match name {
        TestName::Php => any(&["TestCase", "PHPUnit", "@test", "Codeception", "Cest"]),
        TestName::PhpSpec => any(&["PhpSpec\\ObjectBehavior", "Behat\\Behat\\Context\\"]),
        TestName::Script => any(&["describe(", "it(", "test(", "expect("]),
        TestName::Python => {
            let framework = any(&["import unittest", "from unittest", "import pytest", "from pytest", "from django.test", "TestCase"]);
            let function = any(&["\ndef test_", "\nasync def test_"]) || text.starts_with("def test_");
            let method = any(&["\nclass Test", "Test("]) && any(&["    def test_", "    async def test_"]);
            let runs = any(&RUNNING_CODE);
            match (framework, function || method) {
                (true, true) => true,
                (true, false) => !runs,
                (false, true) => text.contains("assert") && !runs,
                (false, false) => false,
            }
        }
    }
}

/// Signs that a Python file is part of the running application: a command, a route, a table.
const RUNNING_CODE: [&str; 12] = [
    "import click",
    "from click",
    "import typer",
    "import argparse",
    "BaseCommand",
    "APIRouter",
    ".route(",
    "urlpatterns",
    "models.Model",
    "__tablename__",
    "mapped_column(",
    "Column(",
];

/// A schema migration, wherever it lies.
fn is_migration(text: &str) -> bool {
    let head = head(text, MIGRATION_HEAD);
    let has = |sign: &str| memchr::memmem::find(head, sign.as_bytes()).is_some();
    (has("\nclass Migration(") && has("igration)")) || (has("\ndown_revision") && has("\ndef upgrade("))
}

/// A schema migration of Node: a class that says so, or a script with both ways, up and down, in a folder of migrations.
fn is_script_migration(path: &RelPath, text: &str) -> bool {
    if !path.name().rsplit_once('.').is_some_and(|(_, extension)| ["js", "ts", "cjs", "mjs"].contains(&extension)) {
        return false;
    }
    let head = head(text, MIGRATION_HEAD);
    let has = |sign: &str| memchr::memmem::find(head, sign.as_bytes()).is_some();
    if has("implements MigrationInterface") || has("extends Migration ") && has("migrations") {
        return true;
    }
    let folder = path.as_str().split('/').rev().nth(1).unwrap_or("");
    let whole = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    let way = |word: &str| ["function ", "async ", "exports.", "const "].iter().any(|before| whole(&format!("{before}{word}")));
    matches!(folder, "migrations" | "migration")
        && (has("function up") || has("exports.up") || has("async up") || has("const up"))
        && way("down")
}

/// The first bytes of a text; it may end within a letter, so these are bytes.
fn head(text: &str, length: usize) -> &[u8] {
    let bytes = text.as_bytes();
    bytes.get(..length).unwrap_or(bytes)
}
