//! It takes 150 files to be a monolith, so a tree of them is written and scanned.
#![allow(clippy::disallowed_methods, reason = "tests write their own tree")]

use crate::config::Config;
use crate::pipeline::{Silent, scan};
use std::path::Path;

fn put(root: &Path, path: &str, text: &str) {
    let whole = root.join(path);
    std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
    std::fs::write(whole, text).unwrap();
}

fn modules(files: usize) -> Vec<String> {
    let tree = tempfile::tempdir().unwrap();
    put(tree.path(), "manage.py", "import django\n");
    put(tree.path(), "settings.py", "INSTALLED_APPS = ['shop']\n");
    for part in ["", "orders/", "orders/api/", "stock/", "colours/", "views/"] {
        put(tree.path(), &format!("shop/{part}__init__.py"), "");
    }
    for path in ["orders/models.py", "orders/api/views.py", "stock/admin.py", "stock/services.py", "colours/red.py", "colours/blue.py"] {
        put(tree.path(), &format!("shop/{path}"), "x = 1\n");
    }
    for number in 0..files {
        put(tree.path(), &format!("shop/views/page_{number}.py"), "x = 1\n");
    }
    let project = scan(tree.path(), &Config::default(), None, &Silent).unwrap();
    let apart = project.base.ids().filter(|file| project.base.path(*file).starts_with("shop/"));
    let mut found: Vec<String> = apart.map(|file| project.names.module(file).name.clone()).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn a_large_application_is_told_apart_by_packages_with_layers_of_their_own() {
    assert_eq!(modules(10), ["shop"]);
    assert_eq!(modules(super::MONOLITH_FILES), ["shop", "shop.orders", "shop.stock"]);
}
