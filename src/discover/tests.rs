//! Trees that are awkward to walk and files that are awkward to read.

use super::*;
use crate::base::Tags;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::symlink;
use tempfile::TempDir;

const LANGUAGES: [Extension; 3] = [
    Extension { mark: Mark::Suffix("py"), language: Language("python") },
    Extension { mark: Mark::Suffix("js"), language: Language("javascript") },
    Extension { mark: Mark::Interpreter("python"), language: Language("python") },
];

/// A tree with these files; a text of its own is not needed.
fn tree(paths: &[&str]) -> TempDir {
    let tree = TempDir::new().unwrap();
    for path in paths {
        put(&tree, path, "");
    }
    tree
}

fn put(tree: &TempDir, path: &str, content: impl AsRef<[u8]>) {
    let file = tree.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

fn look(root: &Path) -> Sources {
    discover(root, &Config::default(), &LANGUAGES).unwrap()
}

fn paths(sources: &Sources) -> Vec<&str> {
    sources.files.iter().map(|file| file.path.as_str()).collect()
}

fn others(sources: &Sources) -> Vec<&str> {
    sources.other_paths.iter().map(RelPath::as_str).collect()
}

fn problems(sources: &Sources) -> Vec<String> {
    sources.problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

/// The tags of every file by path, `-` for none.
fn tagged(sources: &Sources) -> Vec<String> {
    let words = |tags: Tags| tags.iter().map(Tag::word).collect::<Vec<_>>().join("+");
    let tagged = sources.files.iter().filter(|file| file.tags != Tags::default());
    tagged.map(|file| format!("{} {}", words(file.tags), file.path)).collect()
}

#[test]
fn a_folder_may_count_only_around_a_file() {
    let tree = tree(&["shop/composer.json", "shop/app/config/a.yml", "shop/config/b/c.yml", "tool/config/d.yml", "shop/e.yml"]);
    let marks = [Extension { mark: Mark::Below("config", "yml", Some("composer.json")), language: Language("yaml") }];
    let sources = discover(tree.path(), &Config::default(), &marks).unwrap();
    assert_eq!(paths(&sources), ["shop/app/config/a.yml", "shop/config/b/c.yml"]);
    assert_eq!(others(&sources), ["shop/composer.json", "shop/e.yml", "tool/config/d.yml"]);
}

#[test]
fn files_are_numbered_in_path_order_and_others_listed() {
    let tree = tree(&["b/z.py", "b.py", "a/x.js", "README.md", "a/composer.json", ".github/x.py", "a/.hidden.py"]);
    put(&tree, "bin/tool", "#!/usr/bin/env python3\n");
    put(&tree, "bin/shell", "#!/bin/sh\n");
    let sources = look(tree.path());
    assert_eq!(paths(&sources), ["a/x.js", "b.py", "b/z.py", "bin/tool"]);
    assert!(sources.files.iter().enumerate().all(|(index, file)| file.id.index() == index));
    assert_eq!(others(&sources), ["README.md", "a/composer.json", "bin/shell"]);
    assert_eq!(sources, look(tree.path()));
}

#[test]
fn an_empty_tree_is_no_error_but_a_missing_one_and_a_file_are() {
    let tree = tree(&[]);
    assert_eq!(look(tree.path()), Sources::default());
    put(&tree, "a.py", "");
    let ask = |path: &str| discover(&tree.path().join(path), &Config::default(), &LANGUAGES).unwrap_err();
    assert!(matches!(ask("a.py"), DiscoverError::NotAFolder(_)));
    assert!(ask("gone").to_string().contains("give the folder of a checkout"));
}

#[test]
fn ignore_files_count_without_a_repository() {
    let tree = tree(&["a.py", "out/b.py", "src/c.py", "src/gen/d.py", "src/keep.py", "e.py"]);
    put(&tree, ".gitignore", "out/\nsrc/*.py\n");
    put(&tree, "src/.gitignore", "gen\n!keep.py\n");
    put(&tree, ".ignore", "e.py\n");
    assert_eq!(paths(&look(tree.path())), ["a.py", "src/keep.py"]);
}

#[test]
fn ignore_files_above_count_up_to_the_top_of_the_repository() {
    let tree = tree(&["repo/.git/HEAD", "repo/app/a.py", "repo/app/b.py", "repo/app/c.py", "repo/app/d.py", "repo/beside.py"]);
    put(&tree, ".gitignore", "a.py\n");
    put(&tree, ".ignore", "a.py\n");
    put(&tree, "repo/.gitignore", "/app/b.py\nd.py\n");
    put(&tree, "repo/.git/info/exclude", "c.py\n");
    put(&tree, "repo/app/.gitignore", "!d.py\n");
    assert_eq!(paths(&look(&tree.path().join("repo/app"))), ["a.py", "d.py"]);
}

#[test]
fn a_root_that_is_itself_ignored_was_named_on_purpose() {
    let tree = tree(&[".git/HEAD", "out/a.py", ".tools/b.py"]);
    put(&tree, ".gitignore", "out\n");
    assert_eq!(paths(&look(&tree.path().join("out"))), ["a.py"]);
    assert_eq!(paths(&look(&tree.path().join(".tools"))), ["b.py"]);
}

#[test]
fn folders_filled_by_tools_are_not_entered() {
    let tree = tree(&[
        "node_modules/a.js",
        "x/__pycache__/a.py",
        "x.egg-info/a.py",
        "x-1.0.dist-info/a.py",
        "env/pyvenv.cfg",
        "env/lib/a.py",
        "venv/a.py",
        ".git/a.py",
    ]);
    put(&tree, ".gitignore", "!.git\n");
    assert_eq!(paths(&look(tree.path())), ["venv/a.py"], "an app may be called venv");
}

#[test]
fn excluded_paths_and_large_files() {
    let tree = tree(&["docs/a.py", "src/old_a.py"]);
    put(&tree, "src/large.py", "x".repeat(11));
    put(&tree, "src/fits.py", "x".repeat(10));
    put(&tree, "src/a.min.js", "x");
    let text = "[scan]\nexclude = ['docs', '**/old_*.py']\nmax_file_bytes = 10\n";
    let config = Config::parse(text, Path::new("unpick.toml"), tree.path()).unwrap();
    let sources = discover(tree.path(), &config, &LANGUAGES).unwrap();
    let told: Vec<_> = sources.files.iter().map(|file| (file.path.as_str(), file.skipped.as_deref())).collect();
    let reason = "11 bytes, more than max_file_bytes = 10";
    assert_eq!(told, [("src/a.min.js", Some("minified, by its name")), ("src/fits.py", None), ("src/large.py", Some(reason))]);

    let mut reader = Reader::new(tree.path(), &config);
    let mut grown = sources.files[1].clone();
    assert!(reader.read(&grown).is_ok());
    put(&tree, "src/fits.py", "x".repeat(11));
    assert_eq!(reader.read(&grown).unwrap_err(), reason);
    grown.skipped = Some("as the walk said".to_owned());
    assert_eq!(reader.read(&grown).unwrap_err(), "as the walk said");
}

#[test]
fn links_are_never_followed_and_those_that_hide_something_are_reported() {
    let outside = tree(&["o.py"]);
    let tree = tree(&["src/a.py", "src/deep/b.py", ".hidden/c.py"]);
    let link = |target: &str, name: &str| symlink(target, tree.path().join(name)).unwrap();
    link("src", "same");
    link("a.py", "src/twin.py");
    link("..", "src/deep/loop");
    link("self.py", "self.py");
    link("gone.py", "dangling.py");
    link(".hidden", "seen");
    link("../../../../../../../../nowhere/x.py", "out.py");
    symlink(outside.path(), tree.path().join("away")).unwrap();
    let sources = look(tree.path());
    assert_eq!(paths(&sources), ["src/a.py", "src/deep/b.py"]);
    assert_eq!(
        problems(&sources),
        [
            "away: a link that leads out of the scanned folder; not followed",
            "dangling.py: a link that leads to nothing",
            "out.py: a link that leads out of the scanned folder; not followed",
            "seen: a link to .hidden, which is not scanned; not followed",
            "self.py: a link that leads to nothing",
        ]
    );
}

#[test]
fn a_root_behind_a_link_is_the_folder_it_leads_to() {
    let tree = tree(&["real/a.py"]);
    symlink("real", tree.path().join("link")).unwrap();
    assert_eq!(look(&tree.path().join("link")), look(&tree.path().join("real")));
}

#[test]
fn what_is_no_plain_file_is_listed_and_never_waited_for() {
    let tree = tree(&["real.py", "folder.py/inside.py"]);
    let made = std::process::Command::new("mkfifo").arg(tree.path().join("pipe.py")).arg(tree.path().join("pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        return; // No such program: the rest of the test has nothing to look at.
    }
    let sources = look(tree.path());
    assert_eq!(paths(&sources), ["folder.py/inside.py", "pipe.py", "real.py"]);
    assert_eq!(sources.files[1].skipped.as_deref(), Some("not a regular file (a pipe, socket or device)"));

    let mut reader = Reader::new(tree.path(), &Config::default());
    let mut read = |path: &str| {
        let file = SourceFile { path: RelPath::new(path), skipped: None, ..sources.files[2].clone() };
        reader.read(&file).map(|loaded| loaded.lines)
    };
    assert_eq!(read("pipe.py").unwrap_err(), "not a regular file (a link, pipe, socket or device)");
    assert_eq!(read("folder.py").unwrap_err(), "not a regular file (a folder)");
    assert_eq!(read("gone.py").unwrap_err(), "cannot be read: entity not found");
    assert_eq!(read("real.py"), Ok(0));
}

#[test]
fn names_that_are_not_utf_8_are_reported() {
    use std::os::unix::ffi::OsStrExt as _;
    let tree = tree(&["a.py"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.py");
    if fs::write(tree.path().join(name), "").is_err() {
        return; // A file system that refuses such names.
    }
    let sources = look(tree.path());
    assert_eq!(paths(&sources), ["a.py"]);
    assert!(problems(&sources)[0].starts_with("caf\u{fffd}.py: the name is not valid UTF-8"));
}

#[test]
fn broken_ignore_rules_are_reported_and_left_aside() {
    let tree = tree(&["a.py", "b.py"]);
    put(&tree, ".gitignore", "a{\nb.py\n");
    let sources = look(tree.path());
    assert_eq!(paths(&sources), ["a.py"]);
    assert_eq!(problems(&sources).len(), 1, "{:?}", sources.problems);
}

#[test]
fn folders_are_believed_together_with_what_lies_in_them() {
    let tree = tree(&[
        // A laboratory whose tests are its business, and an app with ordinary ones.
        "lab/tests/apps.py",
        "lab/tests/models.py",
        "lab/tests/migrations/0001_initial.py",
        // Another that keeps its migrations elsewhere.
        "lab/test/__init__.py",
        "lab/test/admin.py",
        "lab/test/api/urls.py",
        "lab/test/models.py",
        "lab/test/services.py",
        "lab/test/views.py",
        "shop/tests/models.py",
        "shop/tests/test_models.py",
        "shop/tests/migrations/0001_initial.py",
        "shop/migrations/0001_initial.py",
        "shop/migrations/__init__.py",
        "shop/migrations/helpers/copy.py",
        "move/migrations/models.py",
        "alembic/env.py",
        "alembic/versions/1a2b_init.py",
        "api/versions/v1.py",
        // Hook specifications are running code, specifications with tests in them are tests.
        "hooks/spec/events.py",
        "web/spec/a.spec.js",
        "web/spec/helper.js",
        // Suppliers and packages.
        "market/vendor/models.py",
        "web/pages/vendor/list.js",
        "static/vendor/lib.js",
        "shop/_vendor/x.py",
        "lib/site-packages/y.py",
        "conftest.py",
        "a_pb2.py",
        "build/lib/shop/tests/models.py",
        "build/lib/other.py",
    ]);
    insta::assert_snapshot!(tagged(&look(tree.path())).join("\n"), @r"
    generated a_pb2.py
    migration alembic/env.py
    migration alembic/versions/1a2b_init.py
    test+generated build/lib/shop/tests/models.py
    test conftest.py
    migration lab/tests/migrations/0001_initial.py
    vendor lib/site-packages/y.py
    vendor shop/_vendor/x.py
    migration shop/migrations/0001_initial.py
    migration shop/migrations/__init__.py
    migration shop/migrations/helpers/copy.py
    test shop/tests/migrations/0001_initial.py
    test shop/tests/models.py
    test shop/tests/test_models.py
    vendor static/vendor/lib.js
    test web/spec/a.spec.js
    test web/spec/helper.js
    ");
}

fn by_content(path: &str, text: &str) -> String {
    let tags = tags_by_content(&RelPath::new(path), Tags::default(), text);
    tags.iter().map(Tag::word).collect::<Vec<_>>().join("+")
}

#[test]
fn names_of_tests_count_when_the_text_agrees() {
    assert_eq!(by_content("a/test_x.py", "import pytest\n\ndef test_a():\n    assert a()\n"), "test");
    assert_eq!(by_content("a/tests.py", "from django.test import TestCase\n\n# Create your tests here.\n"), "test");
    assert_eq!(by_content("a/x_test.py", "from a import b\n\ndef test_b():\n    assert b\n"), "test");
    assert_eq!(by_content("a/connection_test.py", "class ConnectionTest(Base):\n    __tablename__ = 'c'\n"), "");
    assert_eq!(by_content("cli/test_db.py", "import click\n\ndef test_engine(url):\n    assert url\n"), "");
    assert_eq!(by_content("commands/test_connection.py", "class TestConnection(Command):\n    def run(self): ...\n"), "");
    assert_eq!(by_content("management/commands/test.py", "import unittest\nclass Command(BaseCommand): ...\n"), "");
    assert_eq!(by_content("settings/test.py", "from .base import *\nDEBUG = False\n"), "");
    assert_eq!(by_content("a/plain.py", "import pytest\n\ndef test_a():\n    assert a()\n"), "");
    assert_eq!(by_content("a/OrderTest.php", "<?php class OrderTest extends TestCase {}"), "test");
    assert_eq!(by_content("a/Test.php", "<?php class Test { function run() {} }"), "");
    assert_eq!(by_content("a/OrderSpec.php", "<?php use PhpSpec\\ObjectBehavior; class OrderSpec extends ObjectBehavior {}"), "test");
    assert_eq!(
        by_content("a/OrderContext.php", "<?php use Behat\\Behat\\Context\\Context; class OrderContext implements Context {}"),
        "test"
    );
    assert_eq!(by_content("a/OrderContext.php", "<?php class OrderContext { function run() {} }"), "");
    assert_eq!(by_content("a/x.spec.ts", "describe('x', () => {})"), "test");
}

#[test]
fn migrations_are_never_generated() {
    let made = "# Generated by Django 4 - DO NOT EDIT\nfrom x import migrations\n\nclass Migration(migrations.Migration):\n    pass\n";
    assert_eq!(by_content("odd/place.py", made), "migration");
    assert_eq!(
        by_content("odd/rev.py", "'''add\n\nRevision ID: 1\n'''\n\ndown_revision = None\n\ndef upgrade():\n    pass\n"),
        "migration"
    );
    assert_eq!(by_content("odd/1-a.ts", "export class A1 implements MigrationInterface {}\n"), "migration");
    let both_ways = "module.exports = { up, down };\nasync function up() {}\nasync function down() {}\n";
    assert_eq!(by_content("db/migrations/v2.0.0-a.js", both_ways), "migration");
    assert_eq!(by_content("db/elevator.js", both_ways), "");
    assert_eq!(by_content("db/migrations/run.js", "async function upload() {}\n"), "");
    let mut path_says = Tags::default();
    path_says.insert(Tag::Migration);
    let tags = tags_by_content(&RelPath::new("m/migrations/0001_a.py"), path_says, "# @generated\n");
    assert_eq!(tags, path_says);
    assert!(!tags.left_out());
}

#[test]
fn published_libraries_show_a_banner() {
    assert_eq!(by_content("js/x.js", "/*!\n * x v1.2.3 (https://x.test)\n * Licensed under MIT\n */\n"), "vendor");
    assert_eq!(by_content("js/x.js", "/*! our start page */\n"), "");
    assert_eq!(by_content("js/x.js", "/* x v1.2.3, licence MIT */\n"), "");
}

#[test]
fn a_reading_knows_lines_encoding_and_final_tags() {
    let tree = tree(&[]);
    put(&tree, "a/test_x.py", b"# coding: latin-1\rimport unittest\r\nx = '\xfc'");
    put(&tree, "b.py", b"GIF\0\0\0");
    put(&tree, "c.py", b"x = '\xfc'\n");
    let sources = look(tree.path());
    let mut reader = Reader::new(tree.path(), &Config::default());
    let loaded = reader.read(&sources.files[0]).unwrap();
    assert_eq!((loaded.lines, loaded.encoding, loaded.bom), (3, "windows-1252", false));
    assert!(loaded.tags.contains(Tag::Test) && loaded.status() == crate::base::Status::Parsed);
    assert_eq!(reader.read(&sources.files[1]).unwrap_err(), "binary");
    assert_eq!(reader.read(&sources.files[2]).unwrap().status().word(), "recovered");
}

proptest! {
    #[test]
    fn any_text_is_tagged_without_panic(name in "(test_)?[a-zé.!]{0,6}\\.(py|js|php|css)", text in "(# |/\\*!|'''|\"\"\"|<!--)?(@?[Gg]enerated|é)?\\PC{0,80}\n?.{0,9}") {
        let _ = tags_by_content(&RelPath::new(&name), Tags::default(), &text);
    }

    #[test]
    fn any_paths_are_tagged_without_panic(list in proptest::collection::vec("((tests|vendor|migrations|spec|build|lib|é|a)/){0,4}(V|Version)?[0-9é_]{0,9}[a-z_]{0,3}(\\.py)?", 0..8)) {
        let list: Vec<RelPath> = list.iter().map(|path| RelPath::new(path)).collect();
        let folders = Folders::new(list.iter());
        for path in &list {
            let _ = folders.tags_by_path(path);
        }
    }
}
