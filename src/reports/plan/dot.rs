//! The candidates as a drawing for Graphviz: what still ties them to each other.

use super::Planned;
use crate::plan::costs::NONE;
use crate::reports::Options;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(planned: &Planned<'_>, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let (facts, plan) = (planned.facts, planned.plan);
    let mut edges: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for row in &facts.dependencies {
        let (from, to) = (plan.of[row.from], plan.of[row.to]);
        if from != NONE && to != NONE && from != to {
            *edges.entry((from, to)).or_default() += u64::from(row.count);
        }
    }
    writeln!(out, "digraph plan {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];")?;
    for (at, candidate) in plan.candidates.iter().enumerate() {
        let tables: Vec<&str> = candidate.tables.iter().map(|table| planned.table(*table)).collect();
        let label = format!("{}\\n{} tables: {}", candidate.name, tables.len(), tables[..tables.len().min(4)].join(", "));
        writeln!(out, "  c{at} [label=\"{}\"];", quoted(&label))?;
    }
    for ((from, to), count) in edges {
        writeln!(out, "  c{from} -> c{to} [label=\"{count}\"];")?;
    }
    for saga in &plan.sagas {
        let name = quoted(&facts.units[saga.unit].name);
        for pair in saga.steps.windows(2) {
            let style = if saga.explicit { "bold" } else { "dashed" };
            writeln!(out, "  c{} -> c{} [dir=none, style={style}, color=red, tooltip=\"{name}\"];", pair[0].candidate, pair[1].candidate)?;
        }
    }
    writeln!(out, "}}")
}

fn quoted(text: &str) -> String {
    text.replace('"', "\\\"").replace('\n', " ")
}
