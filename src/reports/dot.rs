//! A drawing for Graphviz.

use super::drawing::{self, Arrow, Drawing, Node};
use super::{Format, Options, Outcome};
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "dot", extension: "dot", payloads: false, check: drawing::check, write };

fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    draw(&Drawing::of(outcome, options), out)
}

fn draw(drawing: &Drawing, out: &mut dyn Write) -> io::Result<()> {
    let mut label = escape(&drawing.caption);
    if let Some(missing) = &drawing.missing {
        label.push_str("\\n");
        label.push_str(&escape(missing));
    }
    writeln!(out, "digraph unpick {{")?;
    // newrank: with the older way of ranking clusters, Graphviz 2.43 fails to route edges and loses them.
    writeln!(out, "  graph [rankdir=LR, label=\"{label}\", labelloc=b, fontname=\"Helvetica\", ranksep=1.0, newrank=true];")?;
    writeln!(out, "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#57606a\", fontname=\"Helvetica\"];")?;
    writeln!(out, "  edge [color=\"#8c959f\", fontname=\"Helvetica\", fontsize=10];")?;
    for (group, name) in drawing.groups.iter().enumerate() {
        writeln!(out, "  subgraph cluster_{group} {{")?;
        writeln!(out, "    label=\"{}\"; labelloc=t; style=rounded; color=\"#d0d7de\";", escape(name))?;
        for (index, node) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.group == Some(group)) {
            writeln!(out, "    {}", boxed(index, node))?;
        }
        writeln!(out, "  }}")?;
    }
    for (index, node) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.group.is_none()) {
        writeln!(out, "  {}", boxed(index, node))?;
    }
    for arrow in &drawing.arrows {
        writeln!(out, "  n{} -> n{} [{}];", arrow.from, arrow.to, looks(arrow))?;
    }
    for (index, table) in drawing.tables.boxes.iter().enumerate() {
        writeln!(
            out,
            "  t{index} [shape=cylinder, style=filled, fillcolor=\"#ddf4ff\", color=\"#0969da\", label=\"{}\"];",
            escape(&table.name)
        )?;
    }
    for arrow in &drawing.tables.arrows {
        let width = if arrow.writes { 3 } else { 1 };
        writeln!(out, "  n{} -> t{} [color=\"#0969da\", penwidth={width}];", arrow.from, arrow.to)?;
    }
    writeln!(out, "}}")
}

fn boxed(index: usize, node: &Node) -> String {
    let focus = if node.in_focus { ", fillcolor=\"#ddf4ff\", penwidth=2" } else { "" };
    format!("n{index} [label=\"{}\\n{}\"{focus}];", escape(&node.name), escape(&node.size))
}

fn looks(arrow: &Arrow) -> String {
    let mut looks = format!("label=\"{}\"", escape(&arrow.weight));
    if arrow.in_cycle {
        looks.push_str(", color=\"#cf222e\", fontcolor=\"#cf222e\", penwidth=2");
    }
    if arrow.to_cut {
        looks.push_str(", style=dashed");
    }
    looks
}

/// Text for a quoted label. Graphviz reads backslashes, quotes and HTML entities in it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ if letter.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{draw, escape};
    use crate::reports::Options;
    use crate::reports::drawing::samples;
    use crate::reports::testing::{shop, written};

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(escape("a\"]; b [label=\"\\N & <b>\n"), "a\\\"]; b [label=\\\"\\\\N &amp; &lt;b&gt;\u{fffd}");
    }

    #[test]
    fn hostile_names_stay_labels() {
        let mut out = Vec::new();
        draw(&samples::hostile(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in text.lines() {
            let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
            assert_eq!(quotes % 2, 0, "an open quote: {line}");
        }
        assert_eq!(text.matches('\n').count(), text.lines().count());
    }

    #[test]
    fn cycles_are_red_and_cuts_dashed() {
        let text = written(&shop(), "dot", &Options::default());
        let line = |end: &str| text.lines().any(|line| line.contains("#cf222e") && line.ends_with(end));
        assert!(line("penwidth=2, style=dashed];") && line("penwidth=2];"), "{text}");
        assert!(text.contains("cluster_0"));
    }

    #[test]
    fn what_is_not_drawn_is_said() {
        let text = written(&shop(), "dot", &Options { top: 4, ..Options::default() });
        assert!(text.contains("lighter modules and") && text.contains("are not drawn"), "{text}");
    }
}
