//! Ignores beside the code, from outside.

use super::{checkout, document};
use crate::support::command::{code, stdout, unpick};
use crate::support::repository::Checkout;
use serde_json::Value;

fn verdict(checkout: &Checkout) -> (i32, Value) {
    let output = checkout.check(&["--format", "json"]);
    (code(&output), document(&output))
}

fn remarks(verdict: &Value) -> Vec<&str> {
    verdict["remarks"].as_array().expect("a list").iter().map(|remark| remark.as_str().expect("text")).collect()
}

#[test]
fn an_ignore_with_reason_and_target_silences_its_line() {
    for target in ["shop.cart", "cart", "shop/cart/a.py", "a.py"] {
        let checkout = checkout();
        checkout.write("shop/orders/b.py", &format!("import shop.cart.a  # unpick-ignore(until spring): {target}\n"));
        let (code, verdict) = verdict(&checkout);
        assert_eq!((code, remarks(&verdict)), (0, Vec::new()), "{target}");
        assert_eq!((&verdict["ignored"][0]["from"], &verdict["ignored"][0]["to"]), (&"shop.orders".into(), &"shop.cart".into()));
        assert!(stdout(&checkout.check(&[])).contains("0 new, 1 ignored in the code"), "{target}");
    }
}

#[test]
fn a_second_line_without_one_is_still_a_finding() {
    let checkout = checkout();
    checkout.write("shop/orders/b.py", "import shop.cart.a  # unpick-ignore(until spring): cart\nimport shop.cart.b\n");
    let (code, verdict) = verdict(&checkout);
    assert_eq!((code, remarks(&verdict)), (1, Vec::new()), "it is not unused: it silences its own line");
}

#[test]
fn an_ignore_that_does_nothing_is_a_remark_and_fails_nothing() {
    let checkout = checkout();
    checkout.write("shop/cart/b.py", "import shop.stock.c  # unpick-ignore(no cycle here): stock\nx = 1  # unpick-ignore(no): y\n");
    let (code, verdict) = verdict(&checkout);
    assert_eq!(code, 0);
    let said = remarks(&verdict);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("shop/cart/b.py:1: unused ignore") && said[1].starts_with("shop/cart/b.py:2: unused ignore"), "{said:?}");
}

#[test]
fn without_a_reason_or_with_another_target_it_does_not_work() {
    for (comment, said) in [
        ("unpick-ignore: cart", "no reason"),
        ("unpick-ignore(): cart", "no reason"),
        ("unpick-ignore(until spring)", "no target"),
        ("unpick-ignore(until spring): stock", "unused ignore"),
        ("unpick-ignore(until spring): rt", "unused ignore"),
    ] {
        let checkout = checkout();
        checkout.write("shop/orders/b.py", &format!("import shop.cart.a  # {comment}\n"));
        let (code, verdict) = verdict(&checkout);
        assert_eq!(code, 1, "{comment}");
        assert!(remarks(&verdict)[0].contains(said), "{comment}: {:?}", remarks(&verdict));
    }
}

#[test]
fn what_is_ignored_is_not_written_down_and_does_not_count_as_gone() {
    let mut checkout = checkout();
    let before = std::fs::read_to_string(checkout.root().join(super::BASELINE)).expect("it is there");
    checkout.write("shop/stock/a.py", "import shop.parcel.a  # unpick-ignore(known well): parcel\n");
    assert_eq!(code(&checkout.check(&["--strict-baseline"])), 0);
    checkout.accept_everything(&super::BOTH);
    let after = std::fs::read_to_string(checkout.root().join(super::BASELINE)).expect("it is there");
    let entries = |text: &str| text.lines().filter(|line| line.contains("\"id\"") && line.contains("\"shop.stock\"")).count();
    assert_eq!((entries(&before), entries(&after)), (2, 1), "parcel -> stock stays");
}

#[test]
fn a_strict_area_takes_no_ignores() {
    let checkout = checkout();
    checkout.write("unpick.toml", "[rules]\nstrict = ['shop.orders']\n");
    checkout.write("shop/orders/a.py", "import shop.billing.a  # unpick-ignore(please): billing\n");
    assert_eq!(code(&checkout.check(&[])), 1);
    assert_eq!(code(&unpick(checkout.root(), &["check", "--allow-missing", "--baseline", "none.json", "-q"])), 1);
}
