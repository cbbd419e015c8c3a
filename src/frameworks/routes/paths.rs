//! The address patterns of Python's frameworks as one notation: `{name}` for a parameter, `{}` for one without a name.

use std::str::CharIndices;

/// `<int:pk>` of Django and Flask, `{name:path}` of FastAPI.
pub(in crate::frameworks) fn from_converters(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let close = if after.starts_with('<') { '>' } else { '}' };
        let Some((inside, behind)) = after[1..].split_once(close) else {
            out.push_str(after);
            return out;
        };
        let name = if close == '>' { inside.rsplit(':').next() } else { inside.split(':').next() };
        out.push('{');
        out.push_str(name.unwrap_or(inside).trim());
        out.push('}');
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A regular expression as Django takes it: named groups are parameters, what is optional is left out.
pub(in crate::frameworks) fn from_regex(text: &str) -> String {
    let mut reader = Reader { text, at: text.char_indices(), pieces: Vec::new() };
    reader.read();
    let mut out = String::new();
    for piece in reader.pieces {
        match piece {
            Piece::Literal(letter) => out.push(letter),
            Piece::Hole if out.ends_with("{}") => {}
            Piece::Hole => out.push_str("{}"),
            Piece::Text(text) => out.push_str(&text),
        }
    }
    out
}

/// A prefix and what follows it, with exactly one slash at the front and none doubled.
pub(in crate::frameworks) fn joined(prefix: &str, rest: &str) -> String {
    let mut out = String::with_capacity(prefix.len() + rest.len() + 1);
    for letter in "/".chars().chain(prefix.chars()).chain(rest.chars()) {
        if letter != '/' || !out.ends_with('/') {
            out.push(letter);
        }
    }
    out
}

enum Piece {
    Literal(char),
    /// Something that only a request shows.
    Hole,
    /// A parameter, or a group without one.
    Text(String),
}

struct Reader<'a> {
    text: &'a str,
    at: CharIndices<'a>,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some((_, letter)) = self.at.next() {
            match letter {
                '^' | '$' => {}
                '\\' => match self.at.next().map(|(_, letter)| letter) {
                    Some('d' | 'w' | 's' | 'D' | 'W' | 'S') => self.pieces.push(Piece::Hole),
                    Some('A' | 'Z' | 'b' | 'B' | 'z') | None => {}
                    Some(letter) => self.pieces.push(Piece::Literal(letter)),
                },
                '[' => {
                    self.class();
                    self.pieces.push(Piece::Hole);
                }
                '.' if self.next_is(&['*', '+']) => self.pieces.push(Piece::Hole),
                '(' => self.group(),
                // A slash at the end that may be missing: links are made with it.
                '?' if self.at.as_str().trim_end_matches('$').is_empty() && matches!(self.pieces.last(), Some(Piece::Literal('/'))) => {}
                '?' => {
                    self.pieces.pop();
                }
                '*' | '+' => {
                    if self.next_is(&['?', '+']) {
                        self.at.next();
                    }
                }
                '{' if self.next_is(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ',']) => {
                    let _ = self.at.by_ref().find(|(_, letter)| *letter == '}');
                }
                letter => self.pieces.push(Piece::Literal(letter)),
            }
        }
    }

    fn next_is(&self, wanted: &[char]) -> bool {
        self.at.clone().next().is_some_and(|(_, letter)| wanted.contains(&letter))
    }

    /// Past the end of a set of letters.
    fn class(&mut self) {
        let mut first = true;
        while let Some((_, letter)) = self.at.next() {
            match letter {
                '\\' => {
                    self.at.next();
                }
                ']' if !first => return,
                '^' if first => continue,
                _ => {}
            }
            first = false;
        }
    }

    /// A group: a parameter, a part that may be missing, or letters to choose from.
    fn group(&mut self) {
        let start = self.at.offset();
        let mut depth = 1;
        let mut end = self.text.len();
        while let Some((place, letter)) = self.at.next() {
            match letter {
                '\\' => {
                    self.at.next();
                }
                '[' => self.class(),
                '(' => depth += 1,
                ')' => {
                    depth -= 1;
                    if depth == 0 {
                        end = place;
                        break;
                    }
                }
                _ => {}
            }
        }
        let inside = &self.text[start..end];
        if self.next_is(&['?']) {
            self.at.next();
            return;
        }
        let piece = if let Some(named) = inside.strip_prefix("?P<") {
            format!("{{{}}}", named.split('>').next().unwrap_or(""))
        } else if let Some(plain) = inside.strip_prefix("?:") {
            if plain.contains('|') { "{}".to_owned() } else { from_regex(plain) }
        } else if inside.starts_with('?') {
            return;
        } else {
            "{}".to_owned()
        };
        self.pieces.push(Piece::Text(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converters_keep_the_name() {
        assert_eq!(from_converters("orders/<int:pk>/<slug>/"), "orders/{pk}/{slug}/");
        assert_eq!(from_converters("/files/{name:path}"), "/files/{name}");
        assert_eq!(from_converters("/broken/<int:pk"), "/broken/<int:pk");
    }

    #[test]
    fn regular_expressions_become_paths() {
        let cases = [
            (r"^orders/(?P<pk>\d+)/$", "orders/{pk}/"),
            (r"^a/(?P<s>[\w-]+(/[\w-]+)*)_(?P<pk>\d+)/$", "a/{s}_{pk}/"),
            (r"^sw\.js$", "sw.js"),
            (r"^feed/?$", "feed/"),
            (r"^old/?x$", "oldx"),
            (r"^.well-known/x$", ".well-known/x"),
            (r"^x/(\d+)/[a-z]{2}/\w+$", "x/{}/{}/{}"),
            (r"^y(?:\.(?P<format>[a-z]+))?$", "y"),
            (r"^(?i)z/(?:old|new)/.*$", "z/{}/{}"),
            (r"^set/[^]/]+/$", "set/{}/"),
        ];
        for (regex, path) in cases {
            assert_eq!(from_regex(regex), path, "{regex}");
        }
    }

    #[test]
    fn slashes_are_never_doubled() {
        assert_eq!(joined("/api/", "/orders"), "/api/orders");
        assert_eq!(joined("", ""), "/");
    }
}
