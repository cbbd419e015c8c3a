//! A small fixed difference.

use super::{DiffFormat, DiffOutcome};
use crate::analyses::gated::Finding;
use crate::gate::difference::{ChangedEdge, Difference, Tangled};
use crate::gate::{New, Verdict};

fn cyclic(from: &str, to: &str) -> Finding {
    let [kind, level, graph, from, to] = ["cycle-edge", "module", "runtime", from, to].map(str::to_owned);
    Finding { kind, level, graph, from, to }
}

fn edge(from: &str, to: &str, before: i64, after: i64) -> ChangedEdge {
    ChangedEdge { from: from.to_owned(), to: to.to_owned(), before, after }
}

/// No change at all.
pub(super) fn nothing() -> DiffOutcome {
    let [base, head] = ["commit abc", "the working tree"].map(str::to_owned);
    DiffOutcome { difference: Difference::default(), base, head, level: "module", graph: "runtime" }
}

/// One of everything.
pub(super) fn small() -> DiffOutcome {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let new = vec![New { finding: cyclic("basket", "orders"), effects: vec![cyclic("orders", "basket")] }];
    let difference = Difference {
        added: set(&["parcels"]),
        removed: set(&["faxes"]),
        renamed: [("cart".to_owned(), "basket".to_owned())].into(),
        edges: vec![edge("basket", "faxes", 1000, 0), edge("basket", "orders", 0, 2500), edge("orders", "basket", 1000, 3000)],
        tangled_before: Tangled { members: set(&["faxes", "mail"]), edges: 2 },
        tangled_after: Tangled { members: set(&["basket", "orders"]), edges: 2 },
        verdict: Verdict { new, stale: vec![cyclic("faxes", "mail")], ..Verdict::default() },
    };
    DiffOutcome { difference, ..nothing() }
}

/// What a format writes.
pub(super) fn written(format: &DiffFormat, outcome: &DiffOutcome) -> String {
    let mut out = Vec::new();
    (format.write)(outcome, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
