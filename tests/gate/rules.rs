//! `[rules]` of unpick.toml from outside: what breaks one, what never does, and where nothing may be accepted.

use super::{checkout, document, import, packages, refused, ways};
use crate::support::command::{code, stderr, stdout, unpick};
use crate::support::repository::Checkout;
use serde_json::Value;

/// A checkout with these rules and nothing accepted yet but its cycles.
fn with_rules(rules: &str) -> Checkout {
    let mut files = packages();
    files.push(("unpick.toml".to_owned(), format!("[rules]\n{rules}\n")));
    Checkout::of(&files)
}

/// New findings of a kind.
fn new(checkout: &Checkout, kind: &str) -> Vec<Value> {
    let output = checkout.check(&["--format", "json"]);
    let new = document(&output)["new"].as_array().expect("a list").clone();
    assert_eq!(code(&output), i32::from(!new.is_empty()), "{}", stderr(&output));
    new.into_iter().filter(|row| row["kind"] == kind).collect()
}

fn accepted(mut checkout: Checkout) -> Checkout {
    checkout.accept_everything(&[]);
    checkout
}

#[test]
fn a_forbidden_dependency_is_one_finding_that_says_why() {
    let checkout = accepted(with_rules("forbid = [{from = 'shop.parcel', to = 'shop.c*', reason = 'parcels travel alone'}]"));
    assert!(new(&checkout, "forbidden-edge").is_empty());
    checkout.write("shop/parcel/b.py", &(import("cart", "a") + &import("cart", "b")));
    let found = new(&checkout, "forbidden-edge");
    assert_eq!(ways(&found, "module"), ["shop.parcel -> shop.cart"]);
    assert_eq!(found[0]["rule"], "shop.parcel must not use shop.c*: parcels travel alone");
    assert_eq!((&found[0]["path"], &found[0]["line"], &found[0]["more_places"]), (&"shop/parcel/b.py".into(), &1.into(), &1.into()));
    let text = stdout(&checkout.check(&[])).to_owned();
    assert!(text.contains("shop.parcel -> shop.cart is forbidden") && text.contains("     rule     shop.parcel must not use"), "{text}");
}

#[test]
fn a_rule_about_paths_is_about_files() {
    let checkout = accepted(with_rules("forbid = [{from = 'shop/cart/b.py', to = 'shop.stock'}]"));
    checkout.write("shop/cart/b.py", &import("stock", "b"));
    let found = new(&checkout, "forbidden-edge");
    assert_eq!(ways(&found, "file"), ["shop/cart/b.py -> shop/stock/b.py"]);
    assert!(ways(&found, "module").is_empty(), "cart uses stock elsewhere, which is allowed");
}

#[test]
fn layers_are_used_downwards_only() {
    let checkout = accepted(with_rules("layers = ['shop.parcel', ['shop.stock', 'shop.cart'], 'shop.billing']"));
    // Down, within one layer, and from what is in no layer: all free. The one upward edge of today is accepted.
    checkout.write("shop/parcel/b.py", &import("billing", "b"));
    checkout.write("shop/stock/b.py", &import("cart", "b"));
    checkout.write("shop/orders/b.py", &import("parcel", "b"));
    assert!(new(&checkout, "layer-edge").is_empty());
    checkout.write("shop/billing/b.py", &import("stock", "b"));
    let found = new(&checkout, "layer-edge");
    assert_eq!(ways(&found, "module"), ["shop.billing -> shop.stock"]);
    assert_eq!(found[0]["rule"], "the layer shop.stock, shop.cart lies above shop.billing, which must not use it");
}

#[test]
fn what_only_the_type_checker_sees_breaks_no_rule() {
    let checkout = accepted(with_rules("forbid = [{from = 'shop.parcel', to = 'shop.cart'}]"));
    checkout.write("shop/parcel/b.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.cart.a\n");
    assert!(new(&checkout, "forbidden-edge").is_empty());
}

#[test]
fn a_rule_younger_than_the_code_asks_for_a_decision_and_a_branch_is_not_blamed_for_it() {
    let checkout = checkout();
    checkout.write("unpick.toml", "[rules]\nforbid = [{from = 'shop.cart', to = 'shop.stock'}]\n");
    assert_eq!(ways(&new(&checkout, "forbidden-edge"), "module"), ["shop.cart -> shop.stock"]);
    assert_eq!(code(&checkout.check(&["--against", "HEAD"])), 0, "the branch did not add it");
    assert_eq!(code(&unpick(checkout.root(), &["baseline"])), 0);
    assert_eq!(code(&checkout.check(&[])), 0);
}

#[test]
fn a_size_is_a_finding_of_the_thing_that_passed_it() {
    let checkout = accepted(with_rules("max_file_lines = 10\nmax_module_files = 4\nmax_module_lines = 30"));
    checkout.write("shop/stock/b.py", &"x = 1\n".repeat(11));
    let found = new(&checkout, "file-lines");
    assert_eq!((found.len(), &found[0]["from"]), (1, &"shop/stock/b.py".into()));
    assert_eq!(found[0]["rule"], "max_file_lines = 10, and it has 11 lines");
    assert_eq!(code(&unpick(checkout.root(), &["baseline"])), 0);
    checkout.write("shop/stock/b.py", &"x = 1\n".repeat(15));
    assert_eq!(code(&checkout.check(&[])), 0, "it is accepted whatever its size");
    checkout.write("shop/stock/d.py", "");
    assert_eq!(new(&checkout, "module-files")[0]["from"], "shop.stock");
    checkout.write("shop/stock/d.py", &"x = 1\n".repeat(9));
    checkout.write("shop/stock/e.py", &"x = 1\n".repeat(9));
    assert_eq!(new(&checkout, "module-lines")[0]["from"], "shop.stock");
}

#[test]
fn what_is_renamed_or_removed_breaks_no_rule() {
    let rules =
        "forbid = [{from = 'shop.*', to = 'shop.*'}]\nlayers = ['shop.o*', 'shop.b*', 'shop.*']\nmax_file_lines = 1\nmax_module_files = 1";
    let renamed = accepted(with_rules(rules));
    renamed.rename("shop/cart", "shop/basket");
    renamed.replace("shop.cart", "shop.basket");
    assert_eq!(code(&renamed.check(&[])), 0, "{}", stdout(&renamed.check(&[])));
    // Without its configuration the application is called otherwise, by a name the rules match.
    let mut recut = with_rules("forbid = [{from = 'shop.*', to = 'shop.cart'}]\nlayers = ['shop.cart', 'shop.*']");
    let class = "from django.apps import AppConfig\n\nclass Basket(AppConfig):\n    name = \"shop.cart\"\n    label = \"basket\"\n";
    recut.write("shop/cart/apps.py", class);
    recut.commit();
    let recut = accepted(recut);
    assert_eq!(code(&recut.check(&["--strict-baseline"])), 0);
    recut.remove("shop/cart/apps.py");
    let map = document(&unpick(recut.root(), &["map", "--format", "json"]));
    assert!(map["modules"].as_array().expect("a list").iter().any(|row| row["name"] == "shop.cart"));
    assert_eq!(code(&recut.check(&[])), 0, "{}", stdout(&recut.check(&[])));
    assert_eq!(code(&recut.check(&["--against", "HEAD"])), 0);
    assert_eq!(code(&recut.check(&["--allow-missing", "--baseline", "none.json"])), 1, "the rules do match the new name");
    let removed = accepted(with_rules(rules));
    removed.remove("shop/orders");
    assert_eq!(code(&removed.check(&[])), 0, "{}", stdout(&removed.check(&[])));
}

#[test]
fn nothing_is_accepted_in_a_strict_area() {
    for area in ["shop.stock", "shop/stock"] {
        let checkout = accepted(with_rules(&format!("strict = ['{area}']")));
        let found = new(&checkout, "cycle-edge");
        assert_eq!(ways(&found, "module"), ["shop.stock -> shop.parcel"], "{area}");
        let id = found[0]["id"].as_str().expect("an id").to_owned();
        refused(&unpick(checkout.root(), &["baseline", "-q", "--accept", &id, "--reason", "no"]), "lets nothing be accepted");
        checkout.write("shop/stock/a.py", "");
        assert_eq!(code(&checkout.check(&[])), 0, "{area}");
    }
}

#[test]
fn what_was_accepted_before_an_area_became_strict_counts_as_new() {
    let checkout = checkout();
    checkout.write("unpick.toml", "[rules]\nstrict = ['shop.stock']\n");
    assert_eq!(ways(&new(&checkout, "cycle-edge"), "module"), ["shop.stock -> shop.parcel"]);
}

#[test]
fn a_name_that_is_gone_is_a_remark() {
    let checkout = accepted(with_rules("forbid = [{from = 'shop.cart', to = 'shop.gone'}]"));
    let output = checkout.check(&["--format", "json"]);
    assert_eq!(code(&output), 0);
    assert_eq!(document(&output)["remarks"][0], "[rules] forbid: no module is called shop.gone today; `unpick map` lists the modules");
}
