//! A small fixed outcome, and one in which every name is hostile.

use super::{CheckFormat, CheckOutcome, Explained};
use crate::analyses::gated::{Explanation, Finding};
use crate::gate::New;

/// Breaks every format that forgets to escape.
pub(super) const HOSTILE: &str = "a|b`c<d>&\"e'%,:\r\n\u{1}\u{1b}\u{fffe}é";

pub(super) fn edge(from: &str, to: &str) -> Finding {
    let [kind, level, graph] = ["cycle-edge", "module", "runtime"].map(str::to_owned);
    Finding { kind, level, graph, from: from.to_owned(), to: to.to_owned() }
}

/// Nothing to say at all.
pub(super) fn clean() -> CheckOutcome {
    let (new, known, fixed, stale, ignored, hidden, remarks) = Default::default();
    CheckOutcome { new, known, fixed, stale, ignored, hidden, against: "unpick.baseline.json".to_owned(), remarks, colour: false }
}

/// One new finding with an effect, one known, one fixed.
pub(super) fn small() -> CheckOutcome {
    let explanation = Explanation {
        place: Some(("shop/cart/a.py".to_owned(), 5)),
        text: "import orders".to_owned(),
        more_places: 2,
        shortest: vec!["cart".to_owned(), "orders".to_owned()],
        advice: Some(("easy", "nothing is loaded".to_owned())),
        rule: None,
        command: "unpick why cart orders".to_owned(),
    };
    let new = New { finding: edge("cart", "orders"), effects: vec![edge("orders", "cart")] };
    CheckOutcome {
        new: vec![Explained { new, explanation, owners: vec!["@cart".to_owned()] }],
        known: vec![edge("a", "b")],
        fixed: vec![edge("b", "a")],
        ..clean()
    }
}

/// One new finding without a place and one whose every text is hostile.
pub(super) fn hostile() -> CheckOutcome {
    let text = || HOSTILE.to_owned();
    let explanation = Explanation {
        place: Some((text(), 7)),
        text: text(),
        more_places: 0,
        shortest: vec![text(), text()],
        advice: Some(("easy", text())),
        rule: Some(text()),
        command: text(),
    };
    let new = New { finding: edge(HOSTILE, HOSTILE), effects: vec![edge(HOSTILE, HOSTILE)] };
    let bare = New { finding: edge("bare", ""), effects: Vec::new() };
    let new = vec![
        Explained { new, explanation, owners: vec![text()] },
        Explained { new: bare, explanation: Explanation::default(), owners: Vec::new() },
    ];
    CheckOutcome { new, stale: vec![edge(HOSTILE, HOSTILE)], ignored: vec![edge(HOSTILE, HOSTILE)], remarks: vec![text()], ..clean() }
}

/// What a format writes.
pub(super) fn written(format: &CheckFormat, outcome: &CheckOutcome) -> String {
    let mut out = Vec::new();
    (format.write)(outcome, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
