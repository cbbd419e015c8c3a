//! A drawing for mermaid, as Markdown pages show it.

use super::drawing::{self, Arrow, Drawing, Node};
use super::{Format, Options, Outcome};
use std::io::{self, Write};

/// The row of the table of formats.
pub(super) static FORMAT: Format = Format { name: "mermaid", extension: "mmd", payloads: false, check: drawing::check, write };

fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    draw(&Drawing::of(outcome, options), out)
}

fn draw(drawing: &Drawing, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (group, name) in drawing.groups.iter().enumerate() {
        writeln!(out, "  subgraph g{group}[\"{}\"]", escape(name))?;
        for (index, node) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.group == Some(group)) {
            writeln!(out, "    {}", boxed(index, node))?;
        }
        writeln!(out, "  end")?;
    }
    for (index, node) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.group.is_none()) {
        writeln!(out, "  {}", boxed(index, node))?;
    }
    for arrow in &drawing.arrows {
        let line = if arrow.to_cut { "-.->" } else { "-->" };
        writeln!(out, "  n{} {line}|\"{}\"| n{}", arrow.from, escape(&arrow.weight), arrow.to)?;
    }
    for (index, table) in drawing.tables.boxes.iter().enumerate() {
        writeln!(out, "  t{index}[(\"{}\")]:::table", escape(&table.name))?;
    }
    for arrow in &drawing.tables.arrows {
        let line = if arrow.writes { "==>" } else { "-->" };
        writeln!(out, "  n{} {line} t{}", arrow.from, arrow.to)?;
    }
    let note = drawing.missing.as_ref().map_or(String::new(), |missing| format!("<br/>{}", escape(missing)));
    writeln!(out, "  caption[\"{}{note}\"]:::caption", escape(&drawing.caption))?;
    writeln!(out, "  classDef focus fill:#ddf4ff,stroke:#0969da,stroke-width:2px")?;
    if !drawing.tables.boxes.is_empty() {
        writeln!(out, "  classDef table fill:#ddf4ff,stroke:#0969da")?;
    }
    writeln!(out, "  classDef caption fill:none,stroke:none")?;
    let red = |(_, arrow): &(usize, &Arrow)| arrow.in_cycle;
    let circles: Vec<String> = drawing.arrows.iter().enumerate().filter(red).map(|(index, _)| index.to_string()).collect();
    if !circles.is_empty() {
        writeln!(out, "  linkStyle {} stroke:#cf222e,stroke-width:3px", circles.join(","))?;
    }
    Ok(())
}

fn boxed(index: usize, node: &Node) -> String {
    let focus = if node.in_focus { ":::focus" } else { "" };
    format!("n{index}[\"{}<br/>{}\"]{focus}", escape(&node.name), escape(&node.size))
}

/// Text for a quoted label: whatever could end it, start a directive or be read as HTML or Markdown becomes a number.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | '%' | '{' | '}' | '[' | ']' | '(' | ')' | '|' | ';' | '*' | '~' | '$' => {
                escaped.push_str(&format!("#{};", u32::from(letter)));
            }
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
        assert_eq!(escape("a\"]<b>\n"), "a#34;#93;#60;b#62;\u{fffd}");
        assert_eq!(escape("%%{init: {}}%%"), "#37;#37;#123;init: #123;#125;#125;#37;#37;");
    }

    #[test]
    fn hostile_names_stay_labels() {
        let mut out = Vec::new();
        draw(&samples::hostile(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in text.lines() {
            assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
            assert!(!line.contains("%%") && !line.contains("<script"), "{line}");
        }
    }

    #[test]
    fn cycles_are_marked_and_cuts_dashed() {
        let text = written(&shop(), "mermaid", &Options::default());
        assert!(text.starts_with("flowchart LR\n"));
        assert!(text.contains("-.->") && text.contains("linkStyle ") && text.contains("subgraph g0"), "{text}");
    }

    #[test]
    fn a_focus_draws_its_neighbours_only() {
        let options = Options { focus: Some("search".to_owned()), ..Options::default() };
        let text = written(&shop(), "mermaid", &options);
        assert!(text.contains(":::focus") && text.contains("catalog<br/>") && !text.contains("notifications<br/>"), "{text}");
    }
}
