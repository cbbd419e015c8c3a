//! The command as people and scripts meet it: exit codes, what goes to which stream, messages that say what to do.

use crate::support::command::{code, stderr, stdout, unpick};
use crate::support::{Tree, here, shop, text_of};
use std::path::Path;

fn small() -> Tree {
    Tree::of(&[("shop/__init__.py", ""), ("shop/cart.py", "from shop import rules\n"), ("shop/rules.py", "")])
}

fn json(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = unpick(folder, arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(stdout(&output)).unwrap_or_else(|error| panic!("stdout is not one JSON document: {error}"))
}

#[test]
fn a_map_is_drawn_and_the_exit_code_is_zero() {
    let tree = small();
    for arguments in [&["map"][..], &["map", "."], &["map", "shop/.."]] {
        let output = unpick(tree.root(), arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains("3 files"), "{}", stdout(&output));
    }
}

#[test]
fn stdout_holds_the_document_and_nothing_else() {
    let map = json(&shop(), &["map", "--format", "json"]);
    assert_eq!(map["schema_version"], 1);
    assert_eq!(map["summary"]["files"], 111);
    let output = unpick(&shop(), &["map", "--format", "json"]);
    assert!(stdout(&output).ends_with('\n'));
    assert!(!stdout(&output).contains('\u{1b}'), "no colours in a document");
}

#[test]
fn a_document_goes_to_the_file_it_is_given() {
    let tree = small();
    let output = unpick(tree.root(), &["map", "--format", "json=map.json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "", "nothing is left for stdout");
    let written = std::fs::read_to_string(tree.root().join("map.json")).expect("the file is there");
    serde_json::from_str::<serde_json::Value>(&written).expect("it is JSON");
}

#[test]
fn wrong_usage_is_two_and_says_what_to_do() {
    let tree = small();
    let told = |arguments: &[&str], part: &str| {
        let output = unpick(tree.root(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"));
    };
    told(&["map", "nowhere"], "give the folder of a checkout");
    told(&["map", "shop/cart.py"], "is not a folder");
    told(&["map", "--format", "jsonn"], "json");
    told(&["map", "--config", "gone.toml"], "gone.toml");
    told(&["map", "--threads", "0"], "--threads");
    told(&["mapp"], "map");
    told(&[], "Usage");
}

#[test]
fn an_empty_tree_is_two() {
    for files in [&[("readme.txt", "")][..], &[("vendor.rb", "x")], &[(".gitignore", "*.py\n"), ("a.py", "")]] {
        let tree = Tree::of(files);
        let output = unpick(tree.root(), &["map"]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("no source files"), "{}", stderr(&output));
    }
}

#[test]
fn a_broken_config_is_two_and_names_its_line() {
    let output = |config: &str| {
        let tree = Tree::of(&[("unpick.toml", config), ("a.py", "")]);
        let output = unpick(tree.root(), &["map"]);
        assert_eq!(code(&output), 2, "{config}");
        stderr(&output).to_owned()
    };
    let syntax = output("\n\n[scan\n");
    assert!(syntax.contains("unpick.toml:3:"), "{syntax}");
    let key = output("[scan]\nexlude = []\n");
    assert!(key.contains("unpick.toml:2:") && key.contains("did you mean `exclude`?"), "{key}");
}

#[test]
fn a_file_that_is_broken_does_not_stop_the_run_unless_asked() {
    let tree = Tree::of(&[("broken.py", "def f(:\n"), ("fine.py", "import broken\n")]);
    let output = unpick(tree.root(), &["map"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let output = unpick(tree.root(), &["map", "--strict"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("broken.py:1"), "{}", stderr(&output));
    let map = json(tree.root(), &["map", "--format", "json"]);
    assert_eq!(map["problems"][0]["path"], "broken.py");
    assert_eq!(map["coverage"]["files"]["recovered"], 1);
}

#[cfg(unix)]
#[test]
fn a_file_nobody_may_read_does_not_stop_the_run() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let tree = small();
    // A link that leads nowhere cannot be read by anybody; permissions do not bind the superuser.
    symlink("gone.py", tree.root().join("shop/dangling.py")).expect("links can be made");
    std::fs::set_permissions(tree.root().join("shop/rules.py"), PermissionsExt::from_mode(0o000)).expect("modes can be set");
    let output = unpick(tree.root(), &["map"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let map = json(tree.root(), &["map", "--format", "json"]);
    let paths: Vec<&str> = map["problems"].as_array().expect("a list").iter().filter_map(|problem| problem["path"].as_str()).collect();
    assert!(paths.contains(&"shop/dangling.py"), "{paths:?}");
    let strict = unpick(tree.root(), &["map", "--strict"]);
    assert_eq!(code(&strict), 2);
}

#[test]
fn quiet_says_nothing_but_the_result() {
    let output = unpick(&shop(), &["map", "--quiet"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn help_shows_examples_and_the_version_is_told() {
    let tree = small();
    for arguments in [&["--help"][..], &["map", "--help"]] {
        let output = unpick(tree.root(), arguments);
        assert_eq!(code(&output), 0);
        assert!(stdout(&output).contains("unpick map "), "{arguments:?} shows no example:\n{}", stdout(&output));
    }
    let version = unpick(tree.root(), &["--version"]);
    assert_eq!(stdout(&version).trim(), concat!("unpick ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_gate_fails_on_a_new_cycle_and_on_nothing_else() {
    let tree = small();
    let check = || unpick(tree.root(), &["check"]);
    assert_eq!(code(&check()), 2, "without a baseline there is nothing to compare with");
    assert_eq!(code(&unpick(tree.root(), &["baseline"])), 0);
    assert_eq!(code(&check()), 0, "{}", stderr(&check()));
    std::fs::write(tree.root().join("shop/rules.py"), "import shop.cart\n").expect("the file is written");
    let closed = check();
    assert_eq!(code(&closed), 1, "{}", stderr(&closed));
    assert!(stdout(&closed).contains("shop/rules.py"), "{}", stdout(&closed));
    std::fs::remove_file(tree.root().join("shop/rules.py")).expect("the file is removed");
    assert_eq!(code(&check()), 0, "removing a file is never a finding");
}

/// `UPDATE_SPECS=1` puts the beginning of today's map into the README, up to the third circle.
#[test]
fn the_readme_shows_what_the_command_prints() {
    let path = here("README.md");
    let readme = text_of(&path);
    let (before, rest) = readme.split_once("```text\n").expect("the README shows a map");
    let (shown, after) = rest.split_once("\n```").expect("the fence ends");
    let output = unpick(&here(""), &["map", "testdata/projects/shop/code"]);
    let printed = stdout(&output).split("\n3. ").next().expect("a text has a beginning");
    if std::env::var_os("UPDATE_SPECS").is_some() {
        std::fs::write(&path, format!("{before}```text\n{}\n```{after}", printed.trim_end())).expect("the README can be written");
    } else {
        assert!(shown.len() > 200 && stdout(&output).starts_with(shown), "README.md shows something else than:\n{}", stdout(&output));
    }
}

#[test]
fn systems_outside_are_listed_with_what_waits_and_who_answers_for_it() {
    let code = "import requests\n\n\ndef pay(orders):\n    for order in orders:\n        one(order)\n\n\n\
                def one(order):\n    requests.post('https://pay.example.com/charge', json=order)\n";
    let tree = Tree::of(&[("CODEOWNERS", "shop/ @payments\n"), ("shop/pay.py", code)]);
    let output = unpick(tree.root(), &["externals"]);
    for part in ["pay.example.com  http", "shop/pay.py:10  requests  called from a loop in line 6", "@payments", "1 call waits in a loop"] {
        assert!(stdout(&output).contains(part), "{part}: {}", stdout(&output));
    }
    let document = json(tree.root(), &["externals", "--format", "json"]);
    assert_eq!(document["external_systems"][0]["sites"][0]["in_loop"], true);
    let output = unpick(tree.root(), &["map"]);
    assert!(stdout(&output).contains("1 call waits in a loop"), "{}", stdout(&output));
    let output = unpick(small().root(), &["externals"]);
    assert!(stdout(&output).contains("No systems outside"), "{}", stdout(&output));
}
