//! String literals: quotes, escapes, holes, heredoc and nowdoc.

use super::{Capture, Walk};
use crate::facts::{Shape, ValueId};
use crate::languages::walk::Reads;
use std::ops::Range;

/// Which escapes a literal knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// None: nowdoc.
    None,
    /// `\\` and `\'`.
    Single,
    /// All of them; the quote itself only where it ends the literal.
    Double,
}

impl Walk<'_> {
    /// `'a'` and `"a {$b} c"`
    pub(super) fn string(&mut self) -> ValueId {
        let node = self.node();
        let source = self.source();
        let quoted = source.trim_start_matches(['b', 'B']);
        let escapes = if quoted.starts_with('\'') { Escapes::Single } else { Escapes::Double };
        let start = node.start_byte() + source.len() - quoted.len() + 1;
        let end = node.end_byte().saturating_sub(1).max(start);
        self.text_with_holes(start..end, escapes)
    }

    /// A text between markers, over several lines. The line break before the end marker is no part of it, nor is the
    /// indentation that the end marker has.
    pub(super) fn heredoc(&mut self) -> ValueId {
        let escapes = if self.node().kind() == "nowdoc" { Escapes::None } else { Escapes::Double };
        let line = self.line();
        let mut value = None;
        let body = self.fields.value;
        self.each(|walk, field| {
            if field == body {
                let range = walk.node().byte_range();
                let source = walk.source();
                let first = if source.starts_with("\r\n") { 2 } else { usize::from(source.starts_with(['\n', '\r'])) };
                value = Some(walk.text_with_holes(range.start + first..range.end, escapes));
            }
        });
        value.unwrap_or_else(|| {
            let empty = self.out.intern("");
            self.out.value(line, Shape::Literal(empty))
        })
    }

    /// `` `ls $folder` `` hands back what the command prints.
    pub(super) fn shell(&mut self) -> ValueId {
        let range = self.node().byte_range();
        let line = self.line();
        let command = self.text_with_holes(range.start + 1..range.end.saturating_sub(1).max(range.start + 1), Escapes::Double);
        let parts = self.out.list(&[command]);
        self.out.value(line, Shape::Other(parts))
    }

    /// The present node's text in a range, with its children as holes.
    fn text_with_holes(&mut self, range: Range<usize>, escapes: Escapes) -> ValueId {
        let (line, first) = (self.line(), self.out.next_value());
        let mut parts = Vec::new();
        let mut at = range.start;
        let text = self.text;
        self.each(|walk, _| {
            // A nowdoc has no holes; its lines are nodes of their own.
            let is_text = escapes == Escapes::None || matches!(walk.capture(), Some(Capture::StringContent | Capture::Nothing));
            if is_text || walk.node().is_error() {
                return;
            }
            let hole = walk.node().byte_range();
            // `{$a}`: the braces belong to the hole.
            let braced = text.as_bytes().get(hole.start.wrapping_sub(1)) == Some(&b'{') && hole.start > at;
            let piece = text.get(at..hole.start - usize::from(braced)).unwrap_or("");
            walk.literal_piece(piece, escapes, line, &mut parts);
            parts.push(walk.value());
            at = hole.end;
            if braced {
                let rest = text[at..].trim_start();
                at = text.len() - rest.len() + usize::from(rest.starts_with('}'));
            }
        });
        if parts.is_empty() || at < range.end {
            self.literal_piece(text.get(at..range.end).unwrap_or(""), escapes, line, &mut parts);
        }
        self.text_of(line, &parts, first)
    }

    fn literal_piece(&mut self, source: &str, escapes: Escapes, line: u32, parts: &mut Vec<ValueId>) {
        if !source.is_empty() {
            let text = if source.contains('\\') { self.out.intern(&unescape(source, escapes)) } else { self.out.intern(source) };
            parts.push(self.out.value(line, Shape::Literal(text)));
        }
    }
}

/// Decodes escapes. Unknown ones stay as written, as PHP does.
fn unescape(source: &str, escapes: Escapes) -> String {
    if escapes == Escapes::None {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match (escapes, chars.next()) {
            (_, Some('\\')) => out.push('\\'),
            (Escapes::Single, Some('\'')) => out.push('\''),
            (Escapes::Double, Some(c @ ('"' | '$' | '`'))) => out.push(c),
            (Escapes::Double, Some('n')) => out.push('\n'),
            (Escapes::Double, Some('t')) => out.push('\t'),
            (Escapes::Double, Some('r')) => out.push('\r'),
            (_, Some(other)) => out.extend(['\\', other]),
            (_, None) => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Escapes, unescape};

    #[test]
    fn escapes_are_decoded_as_php_does() {
        assert_eq!(unescape(r"a\n\'\\\q", Escapes::Single), r"a\n'\\q");
        assert_eq!(unescape(r#"a\n\"\$b\q\"#, Escapes::Double), "a\n\"$b\\q\\");
        assert_eq!(unescape(r"\\", Escapes::None), r"\\");
    }
}
