//! Moves of every kind are recovered, in whatever order the files come.

use super::{Renames, renames};
use crate::base::RelPath;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type Tree = BTreeMap<String, String>;

fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn paths(tree: &Tree) -> Vec<RelPath> {
    tree.keys().map(|path| RelPath::new(path)).collect()
}

fn run(old: &Tree, new: &Tree) -> Renames {
    let read = |tree: &Tree, path: &RelPath| tree.get(path.as_str()).map(|text| text.clone().into_bytes());
    renames(&paths(old), &paths(new), |path| read(old, path), |path| read(new, path))
}

fn shown(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    run(&tree(old), &tree(new)).map.iter().map(|(old, new)| format!("{old} -> {new}")).collect()
}

const CODE: &str = "import os\n\ndef one():\n    return 1\n\ndef two():\n    return 2\n";

#[test]
fn what_is_still_there_was_not_renamed() {
    assert!(shown(&[("a.py", CODE)], &[("a.py", ""), ("b.py", CODE)]).is_empty());
    assert!(shown(&[("a.py", CODE)], &[]).is_empty());
    assert!(shown(&[("a.py", CODE)], &[("b.py", "nothing\nlike\nit\n")]).is_empty());
}

#[test]
fn equal_content_is_found_whatever_the_line_ends() {
    assert_eq!(shown(&[("a.py", CODE)], &[("deep/b.py", &CODE.replace('\n', "\r\n"))]), ["a.py -> deep/b.py"]);
    let renames = run(&tree(&[("a.py", CODE)]), &tree(&[("b.py", CODE)]));
    assert_eq!((renames.new_name_of("a.py"), renames.new_name_of("b.py")), (Some("b.py"), None));
}

#[test]
fn among_equal_contents_name_then_path_decides() {
    let old = [("x/one.py", CODE), ("x/two.py", CODE), ("p/shop/two.py", CODE)];
    let new = [("y/two.py", CODE), ("z/three.py", CODE), ("q/shop/two.py", CODE)];
    assert_eq!(shown(&old, &new), ["p/shop/two.py -> q/shop/two.py", "x/one.py -> z/three.py", "x/two.py -> y/two.py"]);
}

#[test]
fn similar_content_counts_from_one_half() {
    let changed = CODE.replace("return 2", "return 3");
    assert_eq!(shown(&[("a.py", CODE)], &[("b.py", &changed), ("c.py", "x\ny\nz\n")]), ["a.py -> b.py"]);
    let mostly_new = format!("{CODE}{}", "something = else_entirely\n".repeat(20));
    assert!(shown(&[("a.py", CODE)], &[("b.py", &mostly_new)]).is_empty());
}

#[test]
fn the_more_similar_file_wins() {
    let near = CODE.replace("return 2", "return 3");
    let far = near.replace("return 1", "return 4").replace("import os", "import sys");
    assert_eq!(shown(&[("a.py", CODE), ("b.py", &far)], &[("x.py", &near)]), ["a.py -> x.py"]);
}

#[test]
fn small_files_follow_their_folder() {
    let old = [("src/shop/__init__.py", ""), ("src/shop/models.py", CODE), ("src/shop/sub/__init__.py", ""), ("src/blog/__init__.py", "")];
    let new = [("apps/shop/__init__.py", ""), ("apps/shop/models.py", CODE), ("apps/shop/sub/__init__.py", "")];
    let wanted = [
        "src/shop/__init__.py -> apps/shop/__init__.py",
        "src/shop/models.py -> apps/shop/models.py",
        "src/shop/sub/__init__.py -> apps/shop/sub/__init__.py",
    ];
    assert_eq!(shown(&old, &new), wanted);
}

#[test]
fn a_rewritten_file_follows_a_folder_that_moved() {
    let other = "class A:\n    x = 1\n    y = 2\n    z = 3\n";
    let old = [("a/one.py", CODE), ("a/two.py", other), ("a/views.py", "old\ntext\nof it\n")];
    let new = [("b/one.py", CODE), ("b/two.py", other), ("b/views.py", "quite\ndifferent\nlines\nnow\n")];
    assert!(shown(&old, &new).contains(&"a/views.py -> b/views.py".to_owned()));
    // Not when most of the folder stayed where it was.
    let stay = [("a/k1.py", "1"), ("a/k2.py", "2"), ("a/k3.py", "3")];
    let found = shown(&[&old[..], &stay].concat(), &[&new[..], &stay].concat());
    assert_eq!(found, ["a/one.py -> b/one.py", "a/two.py -> b/two.py"]);
}

#[test]
fn files_equal_in_two_moved_folders_go_with_the_right_one() {
    let [one, two] = ["one", "two"].map(|name| format!("{CODE}{name} = 1\n"));
    let old = [("a/apps.py", CODE), ("a/m.py", &one), ("b/apps.py", CODE), ("b/m.py", &two)];
    let new = [("x/apps.py", CODE), ("x/m.py", &two), ("y/apps.py", CODE), ("y/m.py", &one)];
    assert_eq!(shown(&old, &new), ["a/apps.py -> y/apps.py", "a/m.py -> y/m.py", "b/apps.py -> x/apps.py", "b/m.py -> x/m.py"]);
}

#[test]
fn unreadable_and_binary_files_are_no_trouble() {
    let old = [RelPath::new("a/x.bin"), RelPath::new("a/y.py")];
    let new = [RelPath::new("b/x.bin"), RelPath::new("b/y.py")];
    assert!(renames(&old, &new, |_| None, |_| None).map.is_empty());
    let read = |path: &RelPath| path.as_str().ends_with("bin").then(|| vec![0, 10, 1, 10, 2, 10, 3]);
    assert_eq!(renames(&old, &new, read, read).new_name_of("a/y.py"), Some("b/y.py"), "by its folder");
}

#[test]
fn a_large_move_is_quick() {
    let lines = |at: usize| (0..40).map(|line| format!("line {} of {at}\n", line * at)).collect::<String>();
    let changed = |at: usize| format!("{}added\n", lines(at));
    let old: Tree = (0..3000).map(|at| (format!("old/p{}/f{at}.py", at % 50), lines(at))).collect();
    let new: Tree = (0..3000).map(|at| (format!("new/q{}/f{at}.py", at % 50), changed(at))).collect();
    assert_eq!(run(&old, &new).map.len(), 3000);
}

/// Files with unique contents, and a new name for some of them.
fn moved_files() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    let path = || {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "shop", "__init__.py", "models.py"]), 1..4)
            .prop_map(|parts| parts.join("/"))
    };
    prop::collection::vec((path(), prop::option::of(path())), 1..25)
}

/// Old tree, new tree and the moves between them; names stay unique by a number at the end.
fn build(files: &[(String, Option<String>)]) -> (Tree, Tree, BTreeMap<String, String>) {
    let (mut old, mut new, mut moves) = (Tree::new(), Tree::new(), BTreeMap::new());
    for (at, (path, to)) in files.iter().enumerate() {
        let text = format!("content number {at}\n");
        let from = format!("{path}.{at}");
        let to = to.as_ref().map_or_else(|| from.clone(), |to| format!("{to}.{at}.new"));
        if to != from {
            moves.insert(from.clone(), to.clone());
        }
        old.insert(from, text.clone());
        new.insert(to, text);
    }
    (old, new, moves)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn moves_of_unique_contents_are_recovered(files in moved_files()) {
        let (old, new, moves) = build(&files);
        let found: BTreeMap<String, String> = run(&old, &new).map.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect();
        prop_assert_eq!(found, moves);
    }

    #[test]
    fn order_does_not_matter_and_no_file_has_two_names(
        old in prop::collection::vec(("[ab]/[ab]/[abc].py", "([xy]\n){0,6}"), 0..14),
        new in prop::collection::vec(("[bc]/[ab]/[abc].py", "([xy]\n){0,6}"), 0..14),
    ) {
        let (old, new): (Tree, Tree) = (old.into_iter().collect(), new.into_iter().collect());
        let read = |tree: &Tree, path: &RelPath| tree.get(path.as_str()).map(|text| text.clone().into_bytes());
        let forward = run(&old, &new);
        let (mut a, mut b) = (paths(&old), paths(&new));
        a.reverse();
        b.rotate_left(new.len() / 2);
        prop_assert_eq!(&forward, &renames(&a, &b, |path| read(&old, path), |path| read(&new, path)));
        let targets: BTreeSet<&RelPath> = forward.map.values().collect();
        prop_assert_eq!(targets.len(), forward.map.len());
        for (from, to) in &forward.map {
            prop_assert!(!new.contains_key(from.as_str()) && !old.contains_key(to.as_str()));
        }
    }
}
