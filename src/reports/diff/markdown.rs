//! For a pull request: the figures, then what is new, the rest folded away.

use super::{DiffFormat, DiffOutcome, weight};
use crate::analyses::gated::says;
use crate::reports::check::markdown::escape;
use std::io::{self, Write};

/// The row of this format.
pub(super) static FORMAT: DiffFormat = DiffFormat { name: "markdown", write };

fn write(outcome: &DiffOutcome, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**unpick diff:** {}", escape(&super::summary(outcome)))?;
    let difference = &outcome.difference;
    if !difference.verdict.new.is_empty() {
        writeln!(out)?;
    }
    for new in &difference.verdict.new {
        writeln!(out, "- new: {}", escape(&says(&new.finding)))?;
    }
    if outcome.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>Everything that changed</summary>\n\n| | what | weight before | weight after |\n|---|---|---|---|")?;
    for (before, after) in &difference.renamed {
        writeln!(out, "| renamed | {} to {} | | |", escape(before), escape(after))?;
    }
    for (sign, names) in [("added", &difference.added), ("removed", &difference.removed)] {
        for name in names {
            writeln!(out, "| {sign} | {} {} | | |", outcome.level, escape(name))?;
        }
    }
    for (sign, edges) in ["added", "removed", "changed"].into_iter().zip(outcome.edges()) {
        for edge in edges {
            let (from, to) = (escape(&edge.from), escape(&edge.to));
            writeln!(out, "| {sign} | {from} -&gt; {to} | {} | {} |", weight(edge.before), weight(edge.after))?;
        }
    }
    for (words, names) in ["is in a cycle", "is in no cycle any more"].into_iter().zip(outcome.members()) {
        for name in names {
            writeln!(out, "| cycles | {} {words} | | |", escape(name))?;
        }
    }
    for gone in difference.verdict.fixed.iter().chain(&difference.verdict.stale) {
        writeln!(out, "| gone | {} | | |", escape(&says(gone)))?;
    }
    writeln!(out, "\n</details>")
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::diff::testing::{nothing, small, written};

    #[test]
    fn what_is_new_comes_first_and_the_table_is_folded() {
        let text = written(&FORMAT, &small());
        let (head, table) = text.split_once("<details>").unwrap();
        assert!(head.ends_with("- new: basket -&gt; orders closes a cycle of modules\n\n"), "{head}");
        assert!(
            table.contains("| changed | orders -&gt; basket | 1 | 3 |\n") && table.contains("| renamed | cart to basket | | |\n"),
            "{table}"
        );
        assert!(table.lines().filter(|line| line.starts_with('|')).all(|line| line.matches('|').count() == 5), "{table}");
    }

    #[test]
    fn no_change_has_no_table() {
        assert!(!written(&FORMAT, &nothing()).contains("<details>"));
    }
}
