//! String literals: prefixes, escapes, f-strings, implicit concatenation.

use super::{Capture, Walk};
use crate::facts::{Shape, ValueId};
use crate::languages::walk::Reads;

/// A piece of a string: decoded text, or the value in a hole.
enum Piece {
    Text(String),
    Hole(ValueId),
}

impl Walk<'_> {
    /// One string literal.
    pub(super) fn string(&mut self) -> ValueId {
        // Most strings have no holes and no escapes: no pieces needed.
        if let Some(plain) = plain_content(self.source()) {
            let text = self.out.intern(plain);
            let value = self.out.value(self.line(), Shape::Literal(text));
            self.out.maybe_sql(value, value.0, self.span());
            return value;
        }
        let first = self.out.next_value();
        let mut pieces = Vec::new();
        self.pieces(&mut pieces);
        self.joined_up(pieces, first)
    }

    /// `"a" "b" f"{c}"`
    pub(super) fn strings(&mut self) -> ValueId {
        let first = self.out.next_value();
        let mut pieces = Vec::new();
        self.each(|walk, _| {
            if walk.capture() == Some(Capture::String) {
                walk.pieces(&mut pieces);
            }
        });
        self.joined_up(pieces, first)
    }

    fn pieces(&mut self, pieces: &mut Vec<Piece>) {
        let (mut raw, mut holes) = (false, false);
        self.each(|walk, _| match walk.capture() {
            Some(Capture::StringStart) => {
                raw = walk.source().contains(['r', 'R']);
                holes = walk.source().contains(['f', 'F', 't', 'T']);
            }
            Some(Capture::StringContent) => {
                let text = unescape(walk.source(), raw);
                // Where braces make holes, two of them are the way to write one.
                push_text(pieces, &if holes { text.replace("{{", "{").replace("}}", "}") } else { text });
            }
            Some(Capture::StringHole) => {
                let mut hole = None;
                walk.each(|walk, _| {
                    let value = walk.value();
                    hole.get_or_insert(value);
                });
                pieces.extend(hole.map(Piece::Hole));
            }
            _ => {}
        });
    }

    fn joined_up(&mut self, pieces: Vec<Piece>, first: u32) -> ValueId {
        let line = self.line();
        let parts: Vec<ValueId> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => {
                    let text = self.out.intern(&text);
                    self.out.value(line, Shape::Literal(text))
                }
                Piece::Hole(value) => value,
            })
            .collect();
        self.text_of(line, &parts, first)
    }
}

fn push_text(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push_str(more),
        _ => pieces.push(Piece::Text(more.to_owned())),
    }
}

/// The content of a literal without prefix letters, escapes or holes; none where decoding is needed.
fn plain_content(source: &str) -> Option<&str> {
    let body = source.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let prefix = &source[..source.len() - body.len()];
    if prefix.contains(['f', 'F', 't', 'T']) || source.contains('\\') {
        return None;
    }
    let quotes = if body.starts_with("\"\"\"") || body.starts_with("'''") { 3 } else { 1 };
    body.get(quotes..body.len().checked_sub(quotes)?)
}

/// Decodes escapes. Unknown ones stay as written, as Python does.
fn unescape(source: &str, raw: bool) -> String {
    if raw || !source.contains('\\') {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\n') => {}
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(kind @ ('x' | 'u' | 'U')) => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let rest = chars.as_str();
                let code = rest.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
                match code {
                    Some(decoded) => {
                        out.push(decoded);
                        chars = rest[digits..].chars();
                    }
                    None => out.extend(['\\', kind]),
                }
            }
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_as_python_does() {
        assert_eq!(unescape(r"a\nb\x41\u00e9\q\'", false), "a\nbA\u{e9}\\q'");
        assert_eq!(unescape(r"a\nb", true), r"a\nb");
        assert_eq!(unescape("\\xZZ\\", false), "\\xZZ\\");
    }

    #[test]
    fn plain_content_takes_quotes_and_prefix_off() {
        assert_eq!(plain_content("'a'"), Some("a"));
        assert_eq!(plain_content("b\"\"\"a\"\"\""), Some("a"));
        assert_eq!(plain_content("''"), Some(""));
        assert_eq!(plain_content("f'a'"), None);
        assert_eq!(plain_content("'"), None);
    }
}
