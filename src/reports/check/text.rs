//! For people: what is new, why, and what to do about it.

use super::{CheckFormat, CheckOutcome, Explained, headline};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "text", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    let strong = if outcome.colour { Style::new().bold().fg_color(Some(AnsiColor::Red.into())) } else { Style::new() };
    for explained in &outcome.new {
        one(explained, strong, out)?;
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
