//! For scripts: one document; `unpick schema diff` describes it.

use super::{DiffFormat, DiffOutcome};
use crate::analyses::gated::{Finding, says};
use crate::gate::difference::Tangled;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The row of this format.
pub(super) static FORMAT: DiffFormat = DiffFormat { name: "json", write };

fn write(outcome: &DiffOutcome, out: &mut dyn Write) -> io::Result<()> {
    let DiffOutcome { difference, base, head, level, graph } = outcome;
    let edge = |edge: &&super::ChangedEdge| json!({"from": edge.from, "to": edge.to, "before": edge.before, "after": edge.after});
    let [added, removed, changed] = outcome.edges().map(|edges| edges.iter().map(edge).collect::<Vec<Value>>());
    let [entered, left] = outcome.members();
    let renamed: Vec<Value> = difference.renamed.iter().map(|(before, after)| json!({"before": before, "after": after})).collect();
    let document = json!({
        "schema_version": 1,
        "base": base,
        "head": head,
        "level": level,
        "graph": graph,
        "nodes": {"added": difference.added, "removed": difference.removed, "renamed": renamed},
        "dependencies": {"added": added, "removed": removed, "changed": changed},
        "cycles": {
            "before": tangled(&difference.tangled_before),
            "after": tangled(&difference.tangled_after),
            "entered": entered,
            "left": left,
        },
        "findings": {
            "new": difference.verdict.new.iter().map(|new| finding(&new.finding)).collect::<Vec<Value>>(),
            "gone": difference.verdict.fixed.iter().chain(&difference.verdict.stale).map(finding).collect::<Vec<Value>>(),
        },
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn tangled(side: &Tangled) -> Value {
    json!({"members": side.members, "edges": side.edges})
}

fn finding(finding: &Finding) -> Value {
    let Finding { kind, level, graph, from, to } = finding;
    json!({"id": finding.id(), "kind": kind, "level": level, "graph": graph, "from": from, "to": to, "text": says(finding)})
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::diff::testing::{nothing, small, written};
    use crate::reports::schema;

    #[test]
    fn every_difference_fits_the_schema_and_every_key_is_required() {
        let schema = serde_json::from_str(schema::called("diff").unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for outcome in [nothing(), small()] {
            let document: serde_json::Value = serde_json::from_str(&written(&FORMAT, &outcome)).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{wrong:#?}");
            for key in document.as_object().unwrap().keys() {
                let mut less = document.clone();
                less.as_object_mut().unwrap().remove(key);
                assert!(!validator.is_valid(&less), "{key} is not required");
            }
        }
    }
}
