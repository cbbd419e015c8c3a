//! `unpick diff` from outside, and a clone that lacks what a comparison needs.

use super::{checkout, document, import, packages, refused};
use crate::support::command::{code, stderr, stdout, unpick};
use crate::support::repository::Checkout;
use serde_json::{Value, json};

fn difference(checkout: &Checkout, arguments: &[&str]) -> Value {
    let output = unpick(checkout.root(), &[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    document(&output)
}

#[test]
fn what_a_branch_changes() {
    let checkout = checkout();
    checkout.write("shop/orders/a.py", "");
    checkout.write("shop/parcel/b.py", &import("orders", "a"));
    checkout.write("shop/parcel/c.py", &import("stock", "b"));
    ["a", "b", "c"].iter().for_each(|file| checkout.write(&format!("shop/fresh/{file}.py"), ""));
    checkout.write("shop/fresh/__init__.py", "");
    let said = difference(&checkout, &["HEAD"]);
    assert_eq!(said["nodes"], json!({"added": ["shop.fresh"], "removed": [], "renamed": []}));
    let dependencies = &said["dependencies"];
    assert_eq!(dependencies["added"], json!([{"from": "shop.parcel", "to": "shop.orders", "before": 0, "after": 1000}]));
    assert_eq!(dependencies["removed"], json!([{"from": "shop.orders", "to": "shop.billing", "before": 1000, "after": 0}]));
    assert_eq!(dependencies["changed"], json!([{"from": "shop.parcel", "to": "shop.stock", "before": 1000, "after": 2000}]));
    assert_eq!(said["cycles"]["left"], json!(["shop.billing", "shop.cart", "shop.orders"]));
    assert_eq!(said["cycles"]["after"], json!({"members": ["shop.parcel", "shop.stock"], "edges": 2}));
    assert_eq!(said["findings"]["new"], json!([]));
    assert_eq!(said["findings"]["gone"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_rename_is_a_rename_and_nothing_else() {
    let mut checkout = checkout();
    checkout.rename("shop/cart", "shop/basket");
    checkout.replace("shop.cart", "shop.basket");
    let said = difference(&checkout, &["HEAD"]);
    assert_eq!(said["nodes"], json!({"added": [], "removed": [], "renamed": [{"before": "shop.cart", "after": "shop.basket"}]}));
    assert_eq!(said["dependencies"], json!({"added": [], "removed": [], "changed": []}));
    assert_eq!((&said["findings"]["new"], &said["findings"]["gone"]), (&json!([]), &json!([])));
    // The same between two commits, from the folder above, and the other way round.
    let before = difference(&checkout, &["HEAD", "HEAD"]);
    assert!(before["head"].as_str().is_some_and(|head| head.starts_with("HEAD, commit ")));
    let old = before["head"].as_str().and_then(|head| head.split(' ').next_back()).expect("a commit").to_owned();
    checkout.commit();
    let root = checkout.root().display().to_string();
    let output = unpick(checkout.root().parent().expect("a folder"), &["diff", "HEAD", &old, "--path", &root, "--format", "json"]);
    let back = document(&output);
    assert_eq!(back["nodes"]["renamed"], json!([{"before": "shop.basket", "after": "shop.cart"}]));
    assert_eq!(back["dependencies"], said["dependencies"]);
}

#[test]
fn no_change_and_no_commit() {
    let checkout = Checkout::of(&packages());
    assert!(stdout(&unpick(checkout.root(), &["diff", "HEAD"])).starts_with("The map is the same in HEAD, commit "));
    refused(&unpick(checkout.root(), &["diff", "gone", "-q"]), "gone");
}

#[test]
fn a_clone_without_part_of_the_older_tree_is_told_so() {
    let checkout = checkout();
    checkout.forget("shop/orders/a.py");
    checkout.write("shop/orders/b.py", &import("cart", "b"));
    for command in [&["check"][..], &["check", "--against", "HEAD"], &["diff", "HEAD"]] {
        refused(&unpick(checkout.root(), &[command, &["-q"]].concat()), "this clone lacks 1 file of commit");
    }
}
