//! For people: what is new, why, and what to do about it.

use super::{CheckFormat, CheckOutcome, Explained, headline};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "text", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let strong = if outcome.colour { Style::new().bold().fg_color(Some(AnsiColor::Red.into())) } else { Style::new() };
    let hubs = hubs(&outcome.new);
    let mut told: Vec<Hub<'_>> = Vec::new();
    for (explained, hub) in outcome.new.iter().zip(&hubs) {
        match hub {
            Some(hub) if told.contains(hub) => {}
            Some(hub) => {
                told.push(*hub);
                let of_hub: Vec<&Explained> =
                    outcome.new.iter().zip(&hubs).filter(|(_, other)| *other == &Some(*hub)).map(|(one, _)| one).collect();
                together(hub.2, &of_hub, strong, out)?;
            }
            None => one(explained, strong, out)?,
        }
    }
    let gone = outcome.fixed.len() + outcome.stale.len();
    if gone > 0 {
        writeln!(
            out,
            "{gone} accepted finding{} gone: `unpick baseline --prune` takes {} out of the baseline",
            plural(gone, " is", "s are"),
            plural(gone, "it", "them")
        )?;
    }
    for remark in &outcome.remarks {
        writeln!(out, "note: {remark}")?;
    }
    writeln!(out, "{} (compared with {})", outcome.delta(), outcome.against)
}

/// So many new edges of one node are told together: usually a new file that stands in the middle of a cycle.
const TOGETHER: usize = 4;

/// A node of a level and graph.
type Hub<'a> = (&'a str, &'a str, &'a str);

/// The node that each finding is told under: for edges of cycles, the end that has the most of them.
fn hubs(new: &[Explained]) -> Vec<Option<Hub<'_>>> {
    let ends = |explained: &'_ Explained| -> Vec<(String, String, String)> {
        let finding = &explained.new.finding;
        let end = |end: &String| (finding.level.clone(), finding.graph.clone(), end.clone());
        if finding.kind == "cycle-edge" { vec![end(&finding.from), end(&finding.to)] } else { Vec::new() }
    };
    let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for end in new.iter().flat_map(ends) {
        *counts.entry(end).or_default() += 1;
    }
    let busiest = |explained: &Explained| {
        let mut ends = ends(explained);
        ends.sort_by_key(|end| std::cmp::Reverse(counts[end]));
        ends.into_iter().next().filter(|end| counts[end] >= TOGETHER)
    };
    new.iter()
        .map(|explained| {
            let (_, _, end) = busiest(explained)?;
            let finding = &explained.new.finding;
            let end = if finding.from == end { &finding.from } else { &finding.to };
            Some((finding.level.as_str(), finding.graph.as_str(), end.as_str()))
        })
        .collect()
}

/// Edges of one node: the first in full, the others a line each with what accepts them.
fn together(hub: &str, edges: &[&Explained], strong: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some((first, others)) = edges.split_first() else { return Ok(()) };
    one(first, strong, out)?;
    if others.is_empty() {
        return Ok(());
    }
    writeln!(out, "     {} more new edge{} of {hub} in the same cycle:", others.len(), plural(others.len(), "", "s"))?;
    for explained in others {
        let finding = &explained.new.finding;
        let place = explained.explanation.place.as_ref().map(|(path, line)| format!("  {path}:{line}")).unwrap_or_default();
        let (arrow, other) = if finding.from == hub { ("->", &finding.to) } else { ("<-", &finding.from) };
        writeln!(out, "     {strong}NEW{strong:#}  {arrow} {other}{place}  accept {}", finding.id())?;
    }
    writeln!(out)
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

fn one(explained: &Explained, strong: Style, out: &mut dyn Write) -> io::Result<()> {
    let Explained { new, explanation, owners } = explained;
    writeln!(out, "{strong}NEW{strong:#}  {}", headline(&new.finding))?;
    if let Some((path, line)) = &explanation.place {
        let more = if explanation.more_places > 0 { format!("  (and {} more)", explanation.more_places) } else { String::new() };
        writeln!(out, "     at       {path}:{line}  {}{more}", explanation.text)?;
    }
    if let Some(rule) = &explanation.rule {
        writeln!(out, "     rule     {rule}")?;
    }
    if let Some(first) = explanation.shortest.first() {
        writeln!(out, "     cycle    {} -> {first}", explanation.shortest.join(" -> "))?;
    }
    if let Some((advice, because)) = &explanation.advice {
        writeln!(out, "     way out  {advice}: {because}")?;
    }
    if let Some(first) = new.effects.first() {
        let more = new.effects.len() - 1;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "     with it  {} -> {}{more}, there before and in no cycle until now", first.from, first.to)?;
    }
    if !owners.is_empty() {
        writeln!(out, "     owners   {}", owners.join(" "))?;
    }
    writeln!(out, "     more     {}", explanation.command)?;
    writeln!(out, "     accept   unpick baseline --accept {} --reason \"...\"", new.finding.id())?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::gate::New;
    use crate::reports::check::testing::{clean, edge, written};
    use crate::reports::check::{CheckOutcome, Explained};

    fn outcome(edges: &[(&str, &str)]) -> CheckOutcome {
        let explained = |(from, to): &(&str, &str)| {
            let new = New { finding: edge(from, to), effects: Vec::new() };
            Explained { new, explanation: Default::default(), owners: Vec::new() }
        };
        CheckOutcome { new: edges.iter().map(explained).collect(), ..clean() }
    }

    #[test]
    fn many_new_edges_of_one_node_are_told_together() {
        let text = written(&FORMAT, &outcome(&[("a", "new"), ("b", "new"), ("c", "d"), ("new", "a"), ("new", "b")]));
        assert_eq!(text.matches("NEW  ").count(), 5, "none is dropped: {text}");
        assert!(text.contains("3 more new edges of new in the same cycle:") && text.contains("NEW  <- b"), "{text}");
        assert!(text.contains("NEW  c -> d closes a cycle"), "{text}");
    }

    #[test]
    fn few_are_told_one_by_one() {
        let text = written(&FORMAT, &outcome(&[("a", "new"), ("b", "new"), ("new", "a")]));
        assert_eq!(text.matches("closes a cycle").count(), 3, "{text}");
    }
}
