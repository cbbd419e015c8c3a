//! God classes and files from outside: the command, the map, and what the gate lets pass.

use crate::support::Tree;
use crate::support::command::{code, stderr, stdout, unpick};
use crate::support::repository::Checkout;
use serde_json::Value;

/// A class whose first method asks about so many attributes of another object, one branch each. Two further methods share
/// nothing with it, and as many as asked for share an attribute with each other.
fn class(name: &str, branches: usize, alike: usize) -> String {
    let mut text = format!("class {name}:\n    kept = 0\n\n    def judge(self, order):\n");
    text.extend((0..branches).map(|at| format!("        if order.part_{at}:\n            return {at}\n")));
    text.push_str("\n    def first(self):\n        return 1\n\n    def second(self):\n        return 2\n");
    text.extend((0..alike).map(|at| format!("\n    def alike_{at}(self):\n        return self.kept\n")));
    text
}

/// Functions that fill at least so many lines, and branch on another object's attributes in each.
fn functions(lines: usize) -> String {
    (0..lines.div_ceil(4)).map(|at| format!("def step_{at}(order):\n    if order.part_{at}:\n        return {at}\n\n")).collect()
}

fn checkout(cart: &str) -> Checkout {
    let files = [("shop/__init__.py", ""), ("shop/start.py", "import shop.cart\n"), ("shop/cart.py", cart), ("shop/other.py", "x = 1\n")];
    let mut checkout = Checkout::of(&files);
    checkout.accept_everything(&[]);
    checkout
}

/// What is new against the baseline and against the commit, as `kind name`; both must agree.
fn new(checkout: &Checkout) -> Vec<String> {
    let mut said = Vec::new();
    for against in [&[][..], &["--against", "HEAD"], &["--level", "file", "--graph", "load"]] {
        let output = checkout.check(&[against, &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(stdout(&output)).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
        let rows = document["new"].as_array().expect("a list");
        let word = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
        said.push(rows.iter().map(|row| format!("{} {}", word(row, "kind"), word(row, "from"))).collect::<Vec<_>>());
        assert_eq!(code(&output), i32::from(!rows.is_empty()), "{against:?}");
    }
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "the baseline, the commit and every scope must agree: {said:?}");
    said.remove(0)
}

#[test]
fn a_class_that_grows_past_the_limits_is_one_finding() {
    let checkout = checkout(&class("Cart", 40, 0));
    assert!(new(&checkout).is_empty());
    checkout.write("shop/cart.py", &class("Cart", 43, 0));
    assert!(new(&checkout).is_empty(), "a complexity of 46 is below the limit");
    checkout.write("shop/cart.py", &class("Cart", 44, 0));
    assert_eq!(new(&checkout), ["god-class shop/cart.py:Cart"]);
    let output = checkout.check(&[]);
    let text = stdout(&output);
    for part in ["shop/cart.py:Cart became a god class", "shop/cart.py:1", "complexity 47", "44 attributes", "0 of 3 pairs"] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn a_god_that_is_known_stays_known() {
    let checkout = checkout(&class("Cart", 50, 0));
    checkout.write("shop/cart.py", &class("Cart", 90, 0));
    assert!(new(&checkout).is_empty(), "it was a god before");
    checkout.rename("shop/cart.py", "shop/basket.py");
    assert!(new(&checkout).is_empty(), "a file by another name holds the same class");
    checkout.remove("shop/basket.py");
    checkout.write("shop/other.py", &format!("x = 1\n\n\n{}", class("Cart", 50, 0)));
    assert!(new(&checkout).is_empty(), "the class stands in another file now");
}

#[test]
fn a_copy_of_a_god_is_a_new_one() {
    let checkout = checkout(&class("Cart", 50, 0));
    checkout.write("shop/other.py", &class("Cart", 50, 0));
    assert_eq!(new(&checkout), ["god-class shop/other.py:Cart"]);
}

#[test]
fn what_is_removed_never_makes_a_god() {
    // With six methods that share an attribute, 15 of 36 pairs do; without three of them, 3 of 15.
    let checkout = checkout(&class("Cart", 60, 6));
    checkout.write("shop/cart.py", &class("Cart", 60, 3));
    assert!(new(&checkout).is_empty(), "nothing of it grew");
    checkout.remove("shop/other.py");
    checkout.remove("shop/start.py");
    assert!(new(&checkout).is_empty());
}

#[test]
fn a_file_that_grows_past_the_limits_is_one_finding() {
    let checkout = checkout(&functions(900));
    assert!(new(&checkout).is_empty());
    checkout.write("shop/cart.py", &functions(1000));
    assert_eq!(new(&checkout), ["god-file shop/cart.py"]);
    let text = stdout(&checkout.check(&[])).to_owned();
    assert!(text.contains("shop/cart.py became a god file") && text.contains("1,000 lines") || text.contains("1000 lines"), "{text}");
}

#[test]
fn classes_are_no_part_of_a_god_file() {
    let many: String = (0..300).map(|at| format!("class C{at}:\n    def f(self, order):\n        return order.part_{at}\n\n")).collect();
    let tree = Tree::of(&[("shop/__init__.py", ""), ("shop/cart.py", &many), ("shop/settings.py", &"A = order.part\n".repeat(1200))]);
    let output = unpick(tree.root(), &["gods"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).starts_with("No god classes") && !stdout(&output).contains("god file"), "{}", stdout(&output));
}

#[test]
fn the_list_names_figures_and_what_could_leave() {
    let tree = Tree::of(&[("shop/__init__.py", ""), ("shop/cart.py", &class("Cart", 60, 4)), ("shop/steps.py", &functions(1200))]);
    let output = unpick(tree.root(), &["gods"]);
    let text = stdout(&output);
    for part in [
        "1 god class:",
        "1. Cart  shop/cart.py:1",
        "complexity 67, 60 foreign attributes, 28 % shared",
        "4 methods hang together",
        "1 god file",
        "3 alone or in pairs: judge, first, second",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let why = stdout(&unpick(tree.root(), &["why", "shop/cart.py:Cart"])).to_owned();
    for part in ["shop/cart.py:4  complexity 61   judge", "shop/cart.py:63  order.part_29\n"] {
        assert!(why.contains(part), "{part} is missing:\n{why}");
    }
    let map: Value = serde_json::from_str(stdout(&unpick(tree.root(), &["map", "--format", "json"]))).expect("it is JSON");
    let list: Value = serde_json::from_str(stdout(&unpick(tree.root(), &["gods", "--format", "json"]))).expect("it is JSON");
    for key in ["god_classes", "god_files", "god_modules"] {
        assert_eq!(map[key], list[key], "{key}");
    }
    assert_eq!(map["summary"]["god_classes"], 1);
    assert_eq!(map["god_classes"][0]["tcc"], 0.2858, "6 of 21 pairs, rounded up");
    assert_eq!(map["god_files"][0]["reasons"], serde_json::json!(["god_file"]));
    let schema = serde_json::from_str(unpick::reports::schema::called("map").expect("there is one")).expect("it is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("it is a schema");
    let wrong: Vec<String> = validator.iter_errors(&map).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let screen = stdout(&unpick(tree.root(), &["map"])).to_owned();
    assert!(screen.contains("1 god class:") && screen.contains("unpick gods"), "{screen}");
}

#[test]
fn migrations_and_tests_hold_no_gods() {
    let god = class("Cart", 60, 0);
    let tree = Tree::of(&[("shop/__init__.py", ""), ("shop/migrations/0001_initial.py", &god), ("shop/tests/test_cart.py", &god)]);
    let output = unpick(tree.root(), &["gods"]);
    assert!(stdout(&output).starts_with("No god classes"), "{}", stdout(&output));
}
