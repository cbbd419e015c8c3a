//! What a branch changes in the map, for people and for machines.

mod json;
mod markdown;
mod text;

#[cfg(test)]
mod testing;

use crate::gate::difference::{ChangedEdge, Difference};
use std::io::{self, Write};

/// Everything a report of a difference needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiffOutcome {
    /// What changed.
    pub difference: Difference,
    /// What is compared, in words: a commit.
    pub base: String,
    /// With what: a commit or the working tree.
    pub head: String,
    /// `module` or `file`.
    pub level: &'static str,
    /// Which dependencies count.
    pub graph: &'static str,
}

impl DiffOutcome {
    /// Edges that came, that went, and that weigh something else.
    fn edges(&self) -> [Vec<&ChangedEdge>; 3] {
        let chosen = |keep: fn(&ChangedEdge) -> bool| self.difference.edges.iter().filter(|edge| keep(edge)).collect();
        [chosen(|edge| edge.before == 0), chosen(|edge| edge.after == 0), chosen(|edge| edge.before != 0 && edge.after != 0)]
    }

    /// Members that came into a cycle, and those that are in none any more although they are still there.
    fn members(&self) -> [Vec<&String>; 2] {
        let (before, after) = (&self.difference.tangled_before.members, &self.difference.tangled_after.members);
        [after.difference(before).collect(), before.difference(after).filter(|name| !self.difference.removed.contains(*name)).collect()]
    }

    /// Nothing changed.
    fn is_empty(&self) -> bool {
        let Difference { added, removed, renamed, edges, verdict, .. } = &self.difference;
        let nodes = added.is_empty() && removed.is_empty() && renamed.is_empty();
        nodes && edges.is_empty() && verdict.new.is_empty() && verdict.prunable() == 0
    }
}

/// A weight in thousandths as people read it.
fn weight(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One format.
pub struct DiffFormat {
    /// Its name after `--format`.
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&DiffOutcome, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static FORMATS: [&DiffFormat; 3] = [
    &text::FORMAT, //
    &json::FORMAT,
    &markdown::FORMAT,
];

/// The figures, in a sentence on two lines.
fn summary(outcome: &DiffOutcome) -> String {
    let DiffOutcome { difference, base, head, level, graph } = outcome;
    let [came, went, changed] = outcome.edges().map(|edges| edges.len());
    let (before, after) = (&difference.tangled_before, &difference.tangled_after);
    let plural = |count: usize, one: &str, many: &str| if count == 1 { format!("{count} {one}") } else { format!("{count} {many}") };
    format!(
        "From {base} to {head} ({level}s, {graph} dependencies): {} added, {went} removed, {changed} changed;\n\
         {} in cycles ({} before) joined by {} ({} before); {} new, {} gone.",
        plural(came, "dependency", "dependencies"),
        plural(after.members.len(), level, &format!("{level}s")),
        before.members.len(),
        plural(after.edges, "dependency", "dependencies"),
        before.edges,
        plural(difference.verdict.new.len(), "finding", "findings"),
        difference.verdict.prunable(),
    )
}
