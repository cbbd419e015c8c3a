//! The gate from outside, on checkouts with a history: what fails, what never fails, and what is left untouched.

mod ci_files;
mod diff;
mod ignores;
mod rules;

use crate::support::Tree;
use crate::support::command::{code, stderr, stdout, unpick};
use crate::support::repository::Checkout;
use serde_json::Value;
use std::process::Output;

const BOTH: [&str; 4] = ["--level", "module", "--level", "file"];
const BASELINE: &str = "unpick.baseline.json";

/// What is done to a checkout, in words and in deed.
type Change = (&'static str, fn(&Checkout));

/// Five packages: a ring of three, a pair, and one way from the ring to the pair.
fn packages() -> Vec<(String, String)> {
    let mut files = vec![("shop/__init__.py".to_owned(), String::new()), ("shop/start.py".to_owned(), import("cart", "a"))];
    for package in ["cart", "orders", "billing", "stock", "parcel"] {
        files.push((format!("shop/{package}/__init__.py"), String::new()));
        for file in ["a", "b", "c"] {
            files.push((format!("shop/{package}/{file}.py"), format!("\"\"\"{package} {file}\"\"\"\n{}", imports(package, file))));
        }
    }
    files
}

fn import(package: &str, file: &str) -> String {
    format!("import shop.{package}.{file}\n")
}

fn imports(package: &str, file: &str) -> String {
    match (package, file) {
        ("cart", "a") => import("orders", "a"),
        ("orders", "a") => import("billing", "a"),
        ("billing", "a") => import("cart", "a"),
        ("cart", "c") => import("stock", "c"),
        ("stock", "a") => import("parcel", "a"),
        ("parcel", "a") => import("stock", "a"),
        _ => String::new(),
    }
}

fn checkout() -> Checkout {
    let mut checkout = Checkout::of(&packages());
    checkout.accept_everything(&BOTH);
    checkout
}

fn document(output: &Output) -> Value {
    serde_json::from_str(stdout(output)).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

/// Checks with the baseline and with HEAD, which must say the same.
fn new_findings(checkout: &Checkout) -> Vec<Value> {
    let mut said = Vec::new();
    for against in [&[][..], &["--against", "HEAD"]] {
        let output = checkout.check(&[against, &BOTH, &["--format", "json"]].concat());
        let new = document(&output)["new"].as_array().expect("a list").clone();
        assert_eq!(code(&output), i32::from(!new.is_empty()), "{against:?}: {}", stderr(&output));
        said.push(new);
    }
    assert_eq!(said[0], said[1], "the baseline and the commit must agree");
    said.remove(0)
}

fn nothing_new(checkout: &Checkout) {
    let new = new_findings(checkout);
    assert!(new.is_empty(), "{new:#?}");
}

/// `from -> to` of the findings of a level.
fn ways(new: &[Value], level: &str) -> Vec<String> {
    let word = |row: &Value, key: &str| row[key].as_str().expect("a name").to_owned();
    new.iter().filter(|row| row["level"] == level).map(|row| format!("{} -> {}", word(row, "from"), word(row, "to"))).collect()
}

#[test]
fn what_is_removed_never_fails() {
    let removals: [Change; 4] = [
        ("an edge", |checkout| checkout.write("shop/orders/a.py", "")),
        ("a file", |checkout| checkout.remove("shop/orders/a.py")),
        ("a package", |checkout| checkout.remove("shop/orders")),
        ("everything but one", |checkout| {
            ["orders", "billing", "stock", "parcel"].iter().for_each(|it| checkout.remove(&format!("shop/{it}")))
        }),
    ];
    for (what, remove) in removals {
        let checkout = checkout();
        remove(&checkout);
        assert_eq!(new_findings(&checkout), Vec::<Value>::new(), "{what}");
    }
}

#[test]
fn a_package_too_small_to_stay_a_module_is_no_finding() {
    let checkout = checkout();
    checkout.remove("shop/orders/b.py");
    checkout.remove("shop/orders/c.py");
    nothing_new(&checkout);
    // A dependency of the rest that is really new is still seen.
    checkout.write("shop/orders/a.py", "import shop.billing.a\nimport shop.cart.c\nimport shop.cart.a\n");
    assert_eq!(ways(&new_findings(&checkout), "file"), ["shop/orders/a.py -> shop/cart/a.py"]);
}

#[test]
fn an_application_that_loses_its_configuration_is_no_finding() {
    let mut files = packages();
    let class = "from django.apps import AppConfig\n\nclass Basket(AppConfig):\n    name = \"shop.cart\"\n    label = \"basket\"\n";
    files.push(("shop/cart/apps.py".to_owned(), class.to_owned()));
    let mut checkout = Checkout::of(&files);
    checkout.accept_everything(&BOTH);
    assert!(std::fs::read_to_string(checkout.root().join(BASELINE)).expect("it is there").contains("\"basket\""));
    checkout.remove("shop/cart/apps.py");
    nothing_new(&checkout);
}

#[test]
fn one_new_edge_in_a_known_component_is_one_finding() {
    let checkout = checkout();
    checkout.write("shop/orders/a.py", "import shop.billing.a\nimport shop.cart.a\n");
    let new = new_findings(&checkout);
    assert_eq!(ways(&new, "module"), ["shop.orders -> shop.cart"]);
    assert_eq!(ways(&new, "file"), ["shop/orders/a.py -> shop/cart/a.py"]);
    assert!(new.iter().all(|row| row["effects"].as_array().is_some_and(Vec::is_empty)), "{new:#?}");
}

#[test]
fn an_edge_that_joins_two_components_is_one_finding_with_its_effects() {
    let checkout = checkout();
    checkout.write("shop/parcel/b.py", "import shop.orders.a\n");
    let new = new_findings(&checkout);
    assert_eq!(ways(&new, "module"), ["shop.parcel -> shop.orders"]);
    assert_eq!(ways(new[0]["effects"].as_array().expect("a list"), "module"), ["shop.cart -> shop.stock"]);
    assert!(ways(&new, "file").is_empty(), "no file is in a new circle: {new:#?}");
}

#[test]
fn a_new_name_is_no_finding() {
    let renamed_file = checkout();
    renamed_file.rename("shop/cart/a.py", "shop/cart/first.py");
    renamed_file.replace("shop.cart.a", "shop.cart.first");
    nothing_new(&renamed_file);
    let renamed_folder = checkout();
    renamed_folder.rename("shop/cart", "shop/basket");
    renamed_folder.replace("shop.cart", "shop.basket");
    nothing_new(&renamed_folder);
    // What is new besides is still seen, under the new name.
    renamed_folder.write("shop/orders/a.py", "import shop.billing.a\nimport shop.basket.a\n");
    assert_eq!(ways(&new_findings(&renamed_folder), "module"), ["shop.orders -> shop.basket"]);
}

#[test]
fn the_exit_code_is_one_for_any_number_of_findings() {
    for pairs in [0, 256, 512] {
        let mut files = vec![("flat/__init__.py".to_owned(), String::new())];
        for pair in 0..pairs.max(1) {
            files.push((format!("flat/a{pair}.py"), format!("import flat.b{pair}\n")));
            files.push((format!("flat/b{pair}.py"), String::new()));
        }
        let checkout = Checkout::of(&files);
        (0..pairs).for_each(|pair| checkout.write(&format!("flat/b{pair}.py"), &format!("import flat.a{pair}\n")));
        let output = checkout.check(&["--against", "HEAD", "--format", "json"]);
        assert_eq!(document(&output)["new"].as_array().map(Vec::len), Some(pairs));
        assert_eq!(code(&output), i32::from(pairs > 0), "{pairs} findings");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let checkout = checkout();
    checkout.rename("shop/stock", "shop/store");
    checkout.replace("shop.stock", "shop.store");
    checkout.write("shop/parcel/b.py", "import shop.orders.a\n");
    for options in [&["--format", "text"][..], &["--format", "json"], &["--format", "json", "--against", "HEAD"]] {
        let with = |threads: &str| checkout.check(&[options, &BOTH, &["--threads", threads]].concat());
        let (one, eight) = (with("1"), with("8"));
        assert_eq!((code(&one), stdout(&one)), (1, stdout(&eight)));
        assert_eq!(code(&eight), 1);
    }
}

#[test]
fn a_commit_needs_no_baseline() {
    let checkout = Checkout::of(&packages());
    assert_eq!(code(&checkout.check(&["--against", "HEAD"])), 0);
    checkout.write("shop/orders/b.py", "import shop.cart.b\n");
    assert_eq!(code(&checkout.check(&["--against", "main"])), 1);
    refused(&checkout.check(&["--against", "gone"]), "gone");
}

#[test]
fn a_commit_is_asked_for_even_where_the_baseline_is_broken() {
    let checkout = checkout();
    checkout.write(BASELINE, "<<<<<<< ours\n");
    assert_eq!(code(&checkout.check(&["--against", "HEAD"])), 0, "--against looks at no baseline");
}

/// Exit 2, nothing on stdout, one line on stderr that names the trouble.
fn refused(output: &Output, part: &str) {
    assert_eq!((code(output), stdout(output)), (2, ""), "{}", stderr(output));
    assert!(stderr(output).contains(part) && stderr(output).trim_end().lines().count() == 1, "{part}: {}", stderr(output));
}

#[test]
fn a_baseline_that_cannot_be_read_stays_as_it_is() {
    let checkout = checkout();
    let good = std::fs::read_to_string(checkout.root().join(BASELINE)).expect("it is there");
    let bad = [
        (good[..good.len() / 2].to_owned(), "not a baseline"),
        (good.replacen("null],", "<<<<<<< ours\nnull],", 1), "merge conflict markers"),
        (good.replacen("\"schema_version\": 1", "\"schema_version\": 99", 1), "update unpick"),
        (good.replacen("\"to\":\"", "\"to\":\"x", 1), "does not belong"),
        (String::new(), "not a baseline"),
        ("[]\n".to_owned(), "no schema_version"),
    ];
    for (text, part) in bad {
        checkout.write(BASELINE, &text);
        for command in [&["check"][..], &["baseline"], &["baseline", "--prune"], &["baseline", "--accept", "0", "--reason", "r"]] {
            refused(&unpick(checkout.root(), &[command, &["--quiet"]].concat()), part);
            assert_eq!(std::fs::read_to_string(checkout.root().join(BASELINE)).expect("it is there"), text, "{command:?}");
        }
    }
}

#[test]
fn without_git_and_without_a_baseline() {
    let tree = Tree::of(&packages());
    refused(&unpick(tree.root(), &["check", "-q"]), "no baseline there");
    refused(&unpick(tree.root(), &["check", "-q", "--against", "HEAD"]), "no git repository");
    refused(&unpick(tree.root(), &["baseline", "-q", "--prune"]), "no baseline there");
    assert_eq!(code(&unpick(tree.root(), &["check", "--allow-missing"])), 1, "every circle counts as new");
    assert_eq!(code(&unpick(tree.root(), &["baseline"])), 0);
    assert_eq!(code(&unpick(tree.root(), &["check"])), 0);
    std::fs::write(tree.root().join("shop/orders/b.py"), "import shop.cart.b\n").expect("the file is written");
    let output = unpick(tree.root(), &["check"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("no git history here"), "{}", stdout(&output));
}

#[test]
fn the_owners_of_the_file_stand_beside_the_finding_in_every_format() {
    let checkout = checkout();
    checkout.write(".github/CODEOWNERS", "* @everyone\n/shop/orders/ @org/orders boss@example.org\n");
    checkout.write("shop/orders/b.py", "import shop.cart.b\n");
    for format in ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let output = checkout.check(&["--format", format]);
        let said = stdout(&output).replace("&#64;", "@");
        assert!(said.contains("@org/orders") && said.contains("boss@example.org") && !said.contains("@everyone"), "{format}: {said}");
    }
}

#[test]
fn a_filter_narrows_what_is_shown_and_never_what_counts() {
    let mut checkout = checkout();
    checkout.write("shop/orders/b.py", "import shop.cart.b\n");
    checkout.write("shop/parcel/c.py", "import shop.stock.b\n");
    checkout.commit();
    checkout.write("shop/billing/b.py", "import shop.orders.b\n");
    let shown = |options: &[&str]| {
        let output = checkout.check(&[&["--format", "json"], options].concat());
        let said = document(&output);
        let from = |row: &Value| row["from"].as_str().expect("a name").to_owned();
        let new: Vec<String> = said["new"].as_array().expect("a list").iter().map(from).collect();
        (code(&output), new, said["hidden"].as_u64().expect("a number"), said["remarks"].to_string())
    };
    let (code, new, hidden, _) = shown(&[]);
    assert_eq!((code, new.len(), hidden), (1, 2, 0));
    let (code, new, hidden, remarks) = shown(&["--only-changed"]);
    assert_eq!((code, new, hidden), (1, vec!["shop.billing".to_owned()], 1));
    assert!(remarks.contains("1 new finding in files that are the same in HEAD: not shown, and counted all the same"), "{remarks}");
    let (code, new, hidden, _) = shown(&["--files", "shop/orders/b.py", "shop/gone.py"]);
    assert_eq!((code, new, hidden), (1, vec!["shop.orders".to_owned()], 1));
    let (code, new, hidden, _) = shown(&["--files", "shop/stock/a.py"]);
    assert_eq!((code, new.len(), hidden), (1, 0, 2), "what is not shown fails all the same");
    let (code, _, hidden, _) = shown(&["--fail-on-shown", "--files", "shop/stock/a.py"]);
    assert_eq!((code, hidden), (0, 2), "unless told otherwise");
    refused(&checkout.check(&["-q", "--only-changed=gone"]), "gone");
}

fn baseline_lines(checkout: &Checkout) -> Vec<String> {
    let text = std::fs::read_to_string(checkout.root().join(BASELINE)).expect("it is there");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn pruning_only_takes_away() {
    let checkout = checkout();
    let before = baseline_lines(&checkout);
    checkout.write("shop/stock/a.py", "");
    checkout.write("shop/orders/b.py", "import shop.cart.b\n");
    assert_eq!(code(&checkout.check(&["--strict-baseline"])), 1);
    assert_eq!(code(&unpick(checkout.root(), &["baseline", "--prune"])), 0);
    let after = baseline_lines(&checkout);
    assert!(after.len() < before.len() && after.iter().all(|line| before.contains(line)), "{after:#?}");
    assert_eq!(code(&checkout.check(&[])), 1, "what is new was not accepted along the way");
}

#[test]
fn gone_findings_fail_only_when_asked() {
    let checkout = checkout();
    assert_eq!(code(&checkout.check(&["--strict-baseline"])), 0);
    checkout.write("shop/stock/a.py", "");
    let output = checkout.check(&[]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("unpick baseline --prune"), "{}", stdout(&output));
    assert_eq!(code(&checkout.check(&["--strict-baseline"])), 1);
    assert_eq!(code(&unpick(checkout.root(), &["baseline", "--prune"])), 0);
    assert_eq!(code(&checkout.check(&["--strict-baseline"])), 0);
}

#[test]
fn accepting_adds_one_line() {
    let checkout = checkout();
    let before = baseline_lines(&checkout);
    checkout.write("shop/parcel/b.py", "import shop.orders.a\n");
    let new = document(&checkout.check(&["--format", "json"]))["new"].clone();
    let id = new[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(code(&unpick(checkout.root(), &["baseline", "--accept", &id, "--reason", "until spring"])), 0);
    let after = baseline_lines(&checkout);
    let added: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
    assert_eq!((added.len(), after.len()), (1, before.len() + 1), "{added:#?}");
    assert!(added[0].contains("until spring"));
    assert_eq!(code(&checkout.check(&[])), 0, "its effects are accepted with it");
}

#[test]
fn a_repository_cannot_make_the_gate_run_its_programs() {
    let mut files = packages();
    files.push((".gitattributes".to_owned(), "*.py filter=evil diff=evil\n".to_owned()));
    let mut checkout = Checkout::of(&files);
    checkout.accept_everything(&[]);
    let program = format!("touch '{}'", checkout.root().join("ran").display()).replace('\\', "/");
    let config = format!(
        "[core]\n\tfsmonitor = \"{program}\"\n\tpager = \"{program}\"\n\tsshCommand = \"{program}\"\n\thooksPath = .\n\
         [filter \"evil\"]\n\tsmudge = \"{program}\"\n\tclean = \"{program}\"\n\tprocess = \"{program}\"\n\trequired = true\n\
         [diff \"evil\"]\n\ttextconv = \"{program}\"\n\tcommand = \"{program}\"\n[diff]\n\texternal = \"{program}\"\n"
    );
    checkout.write(".git/config", &format!("[core]\n\trepositoryformatversion = 0\n\tbare = false\n{config}"));
    nothing_new_by_module(&checkout);
    checkout.rename("shop/cart", "shop/basket");
    checkout.replace("shop.cart", "shop.basket");
    nothing_new_by_module(&checkout);
    assert!(!checkout.root().join("ran").exists(), "a program of the repository was run");
}

fn nothing_new_by_module(checkout: &Checkout) {
    for against in [&[][..], &["--against", "HEAD"]] {
        let output = checkout.check(against);
        assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
}
