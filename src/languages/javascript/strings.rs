//! String literals and templates.

use super::{Capture, Walk};
use crate::facts::{Shape, ValueId};
use crate::languages::walk::Reads;

impl Walk<'_> {
    /// `'a'`, `"a"`
    pub(super) fn string(&mut self) -> ValueId {
        let source = self.source();
        let text = self.out.intern(&unescape(source.get(1..source.len().max(2) - 1).unwrap_or("")));
        let value = self.out.value(self.line(), Shape::Literal(text));
        self.out.maybe_sql(value, value.0, self.span());
        value
    }

    /// `` `a ${b} c` ``
    pub(super) fn template(&mut self) -> ValueId {
        let (line, first) = (self.line(), self.out.next_value());
        let mut parts = Vec::new();
        let mut piece = String::new();
        self.each(|walk, _| match walk.capture() {
            Some(Capture::StringContent) => piece.push_str(walk.source()),
            Some(Capture::StringEscape) => piece.push_str(&unescape(walk.source())),
            Some(Capture::Nothing) => {}
            _ => {
                walk.piece(&mut piece, line, &mut parts);
                parts.push(walk.value());
            }
        });
        self.piece(&mut piece, line, &mut parts);
        self.text_of(line, &parts, first)
    }

    fn piece(&mut self, piece: &mut String, line: u32, parts: &mut Vec<ValueId>) {
        if !piece.is_empty() {
            let text = self.out.intern(piece);
            parts.push(self.out.value(line, Shape::Literal(text)));
            piece.clear();
        }
    }
}

/// Decodes escapes; an unknown one is its letter, as ECMAScript has it.
fn unescape(source: &str) -> std::borrow::Cow<'_, str> {
    if !source.contains('\\') {
        return source.into();
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
            Some('\n') | None => {}
            Some(kind @ ('x' | 'u')) => match code(kind, chars.as_str()) {
                Some((decoded, length)) => {
                    out.push(decoded);
                    chars = chars.as_str()[length..].chars();
                }
                None => out.push(kind),
            },
            Some(other) => out.push(other),
        }
    }
    out.into()
}

/// `x41`, `u0041`, `u{41}`: the character and how many bytes after the letter spell it.
fn code(kind: char, rest: &str) -> Option<(char, usize)> {
    let (digits, length) = match rest.strip_prefix('{') {
        Some(open) if kind == 'u' => {
            let end = open.find('}')?;
            (&open[..end], end + 2)
        }
        _ => {
            let length = if kind == 'x' { 2 } else { 4 };
            (rest.get(..length)?, length)
        }
    };
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, length))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_decoded_as_ecmascript_does() {
        assert_eq!(unescape(r"a\n\x41\u00e9\u{1F600}\q\'"), "a\nA\u{e9}\u{1F600}q'");
        assert_eq!(unescape(r"\xZZ\u{"), "xZZu{");
        assert_eq!(unescape("a\\\nb\\"), "ab");
    }
}
