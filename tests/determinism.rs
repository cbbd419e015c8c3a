//! The same tree gives the same answer, whatever the number of threads and the order on disk.

use crate::support::{Tree, files_below, relative, shop};
use std::fmt::Write as _;
use unpick::project::Project;

/// Everything a project knows, as text.
fn everything(project: &Project) -> String {
    let mut text = String::new();
    let Project { base, names, resolution, graph, problems, .. } = project;
    for file in &base.files {
        writeln!(text, "{file:?}").expect("writing to a string");
    }
    let rest = (&base.other_paths, &names.modules, &names.module_of, &names.apps, names.python_roots());
    writeln!(text, "{rest:#?}\n{resolution:#?}\n{graph:#?}\n{problems:#?}").expect("writing to a string");
    text
}

fn files_of_shop() -> Vec<(String, Vec<u8>)> {
    let root = shop();
    let read = |path: std::path::PathBuf| (relative(&path, &root), std::fs::read(&path).expect("the file can be read"));
    files_below(&root, "").into_iter().map(read).collect()
}

/// The same files in another order: a linear congruential generator swaps them.
fn shuffled(mut files: Vec<(String, Vec<u8>)>, mut seed: u64) -> Vec<(String, Vec<u8>)> {
    for at in (1..files.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(seed >> 33).expect("31 bits fit") % (at + 1);
        files.swap(at, other);
    }
    files
}

#[test]
fn threads_do_not_matter() {
    let tree = Tree::of(&files_of_shop());
    let one = everything(&tree.scan(1));
    for threads in [2, 8] {
        assert!(everything(&tree.scan(threads)) == one, "{threads} threads tell something else than one");
    }
}

#[test]
fn the_order_of_files_on_disk_does_not_matter() {
    let files = files_of_shop();
    let first = everything(&Tree::of(&files).scan(2));
    assert!(first.contains("checkout.py"), "the comparison must hold what was scanned");
    for seed in 1..=4 {
        assert!(everything(&Tree::of(&shuffled(files.clone(), seed)).scan(2)) == first, "order {seed} tells something else");
    }
}

#[test]
fn a_second_look_tells_the_same() {
    let tree = Tree::of(&files_of_shop());
    assert!(everything(&tree.scan(2)) == everything(&tree.scan(2)));
}
