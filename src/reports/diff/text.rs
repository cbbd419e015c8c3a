//! For people: `+` came, `-` went, `~` changed.

use super::{DiffFormat, DiffOutcome, weight};
use crate::analyses::gated::says;
use std::io::{self, Write};

/// The row of this format.
pub(super) static FORMAT: DiffFormat = DiffFormat { name: "text", write };

fn write(outcome: &DiffOutcome, out: &mut dyn Write) -> io::Result<()> {
    let DiffOutcome { difference, base, head, level, graph } = outcome;
    if outcome.is_empty() {
        return writeln!(out, "The map is the same in {base} and {head} ({level}s, {graph} dependencies).");
    }
    for (before, after) in &difference.renamed {
        writeln!(out, "~ {level} {after}, called {before} before")?;
    }
    for name in &difference.added {
        writeln!(out, "+ {level} {name}")?;
    }
    for name in &difference.removed {
        writeln!(out, "- {level} {name}")?;
    }
    let [came, went, changed] = outcome.edges();
    for edge in came {
        writeln!(out, "+ {} -> {}  weight {}", edge.from, edge.to, weight(edge.after))?;
    }
    for edge in went {
        writeln!(out, "- {} -> {}  weight {}", edge.from, edge.to, weight(edge.before))?;
    }
    for edge in changed {
        writeln!(out, "~ {} -> {}  weight {}, {} before", edge.from, edge.to, weight(edge.after), weight(edge.before))?;
    }
    let [tangled, free] = outcome.members();
    for name in tangled {
        writeln!(out, "+ {name} is in a cycle")?;
    }
    for name in free {
        writeln!(out, "- {name} is in no cycle any more")?;
    }
    for new in &difference.verdict.new {
        writeln!(out, "+ finding: {}", says(&new.finding))?;
    }
    for gone in difference.verdict.fixed.iter().chain(&difference.verdict.stale) {
        writeln!(out, "- finding: {}", says(gone))?;
    }
    writeln!(out)?;
    writeln!(out, "{}", super::summary(outcome))
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::diff::testing::{nothing, small, written};

    #[test]
    fn what_came_went_and_changed() {
        let expected = "\
~ module basket, called cart before
+ module parcels
- module faxes
+ basket -> orders  weight 2.5
- basket -> faxes  weight 1
~ orders -> basket  weight 3, 1 before
+ basket is in a cycle
+ orders is in a cycle
- mail is in no cycle any more
+ finding: basket -> orders closes a cycle of modules
- finding: faxes -> mail closes a cycle of modules

From commit abc to the working tree (modules, runtime dependencies): 1 dependency added, 1 removed, 1 changed;
2 modules in cycles (2 before) joined by 2 dependencies (2 before); 1 finding new, 1 gone.
";
        assert_eq!(written(&FORMAT, &small()), expected);
    }

    #[test]
    fn no_change_is_one_line() {
        assert_eq!(
            written(&FORMAT, &nothing()),
            "The map is the same in commit abc and the working tree (modules, runtime dependencies).\n"
        );
    }
}
