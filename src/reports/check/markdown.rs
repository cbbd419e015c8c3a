//! A comment for a pull request: what is new in a table, what is gone, the rest folded away.

use super::{CheckFormat, CheckOutcome, cycle, headline, way_out};
use std::io::{self, Write};

/// The row of this format.
pub static FORMAT: CheckFormat = CheckFormat { name: "markdown", write };

fn write(outcome: &CheckOutcome, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**unpick check:** {} (compared with {})", outcome.delta(), escape(&outcome.against))?;
    if !outcome.new.is_empty() {
        writeln!(out, "\n| new | place | cycle | way out | owners |\n|---|---|---|---|---|")?;
    }
    for explained in &outcome.new {
        let place = explained.explanation.place.as_ref().map(|(path, line)| format!("{path}:{line}"));
        let cell = |text: Option<String>| escape(&text.unwrap_or_default());
        let head = escape(&headline(&explained.new.finding));
        // Named, not notified: a mention would go out again with every run.
        let owners = escape(&explained.owners.join(" "));
        writeln!(
            out,
            "| {head} | {} | {} | {} | {owners} |",
            cell(place),
            cell(cycle(explained)),
            cell(explained.explanation.rule.clone().or_else(|| way_out(explained)))
        )?;
    }
    let gone: Vec<_> = outcome.fixed.iter().chain(&outcome.stale).collect();
    if !gone.is_empty() {
        writeln!(out, "\nGone; `unpick baseline --prune` takes it out of the baseline:\n")?;
    }
    for finding in gone {
        writeln!(out, "- {}", escape(&headline(finding)))?;
    }
    for explained in outcome.new.iter().filter(|explained| !explained.new.effects.is_empty()) {
        let head = escape(&headline(&explained.new.finding));
        writeln!(out, "\n<details><summary>In a cycle only because {head}</summary>\n")?;
        for effect in &explained.new.effects {
            writeln!(out, "- {} -&gt; {}", escape(&effect.from), escape(&effect.to))?;
        }
        writeln!(out, "\n</details>")?;
    }
    for remark in &outcome.remarks {
        writeln!(out, "\nNote: {}", escape(remark))?;
    }
    Ok(())
}

/// Text that stays text: on one line, in one cell, neither markup nor a mention of somebody.
pub(in crate::reports) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '#' => escaped.extend(['\\', letter]),
            _ if letter.is_control() => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::reports::check::testing::{HOSTILE, clean, hostile, small, written};

    #[test]
    fn a_comment_says_what_is_new_and_what_is_gone() {
        let expected = "\
**unpick check:** 1 known (-1), 1 new (compared with unpick.baseline.json)

| new | place | cycle | way out | owners |
|---|---|---|---|---|
| cart -&gt; orders closes a cycle of modules | shop/cart/a.py:5 | cart -&gt; orders -&gt; cart | easy: nothing is loaded | &#64;cart |

Gone; `unpick baseline --prune` takes it out of the baseline:

- b -&gt; a closes a cycle of modules

<details><summary>In a cycle only because cart -&gt; orders closes a cycle of modules</summary>

- orders -&gt; cart

</details>
";
        assert_eq!(written(&FORMAT, &small()), expected);
        assert_eq!(written(&FORMAT, &clean()).lines().count(), 1);
    }

    #[test]
    fn hostile_names_stay_in_their_cell() {
        assert_eq!(super::escape(HOSTILE), "a\\|b\\`c&lt;d&gt;&amp;\"e'%,:    \u{fffe}é");
        assert_eq!(super::escape("@team __init__"), "&#64;team \\_\\_init\\_\\_");
        let text = written(&FORMAT, &hostile());
        for row in text.lines().filter(|line| line.starts_with("| ")) {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 6, "{row}");
        }
    }
}
