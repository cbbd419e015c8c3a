//! Tags of templates that name other templates, components or classes: Blade's `@include('orders.row')` and `<x-alert>`,
//! Twig's `{% extends 'base.html.twig' %}` and `{{ include(...) }}`.
//!
//! No tree is needed for that: a template is text with marks in it, and what stands between two marks is looked at once.
//! A name that is put together is not noted.

use super::builder::Builder;
use crate::facts::Tag;

/// A piece of what stands in a tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Piece<'a> {
    Word(&'a str),
    Text(&'a str),
    Sign(char),
}

/// Directives of Blade with the place of the argument that names something; `None` for all of them.
const BLADE: [(&str, Option<usize>); 13] = [
    ("include", Some(0)),
    ("includeIf", Some(0)),
    ("includeWhen", Some(1)),
    ("includeUnless", Some(1)),
    ("includeFirst", Some(0)),
    ("extends", Some(0)),
    ("extendsFirst", Some(0)),
    ("component", Some(0)),
    ("componentFirst", Some(0)),
    ("each", None),
    ("livewire", Some(0)),
    ("inject", Some(1)),
    ("use", Some(0)),
];

/// Functions of Twig whose first argument names something.
const TWIG: [&str; 4] = ["include", "source", "controller", "component"];

/// Notes the tags of a Blade template.
pub(super) fn blade(text: &str, out: &mut Builder) {
    let mut lines = Lines::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].find(['@', '<', '{']) {
        let mark = at + found;
        let rest = &text[mark..];
        at = mark + 1;
        if rest.starts_with("{{--") {
            at = rest.find("--}}").map_or(text.len(), |end| mark + end);
        } else if let Some(name) = rest.strip_prefix("<x-").or_else(|| rest.strip_prefix("<livewire:")) {
            let name = word(name, ".:-_");
            let kind = if rest.starts_with("<x-") { "x" } else { "livewire" };
            note(out, lines.at(mark), kind, name);
        } else if rest.starts_with('@') && !text[..mark].ends_with(|before: char| before.is_alphanumeric() || before == '@') {
            let name = word(&rest[1..], "_");
            let Some((_, place)) = BLADE.iter().find(|(known, _)| *known == name) else { continue };
            let behind = &rest[1 + name.len()..];
            let inside = behind.trim_start_matches(' ');
            let Some(inside) = inside.strip_prefix('(') else { continue };
            let pieces = pieces(inside, Some(')'));
            let line = lines.at(mark);
            for (argument, text) in texts(&pieces) {
                if place.is_none_or(|place| place == argument) {
                    note(out, line, name, text);
                }
            }
        }
    }
}

/// Notes the tags of a Twig template.
pub(super) fn twig(text: &str, out: &mut Builder) {
    let mut lines = Lines::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '<']) {
        let mark = at + found;
        let rest = &text[mark..];
        at = mark + 1;
        let close = match rest.get(..2) {
            Some("{%") => "%}",
            Some("{{") => "}}",
            Some("{#") => "#}",
            _ => {
                if let Some(name) = rest.strip_prefix("<twig:") {
                    note(out, lines.at(mark), "component", word(name, ":-_"));
                }
                continue;
            }
        };
        let Some(length) = rest[2..].find(close) else { return };
        at = mark + 2 + length;
        if close == "#}" {
            continue;
        }
        let pieces = pieces(&rest[2..2 + length], None);
        let line = lines.at(mark);
        if close == "%}" {
            let tag = pieces.iter().find_map(|piece| if let Piece::Word(word) = piece { Some(*word) } else { None });
            if tag == Some("verbatim") {
                at = text[at..].find("endverbatim").map_or(text.len(), |end| at + end);
                continue;
            }
            twig_tag(&pieces, line, out);
        }
        twig_functions(&pieces, line, out);
    }
}

/// `{% include 'a.html.twig' with {...} %}`
fn twig_tag(pieces: &[Piece<'_>], line: u32, out: &mut Builder) {
    let mut rest = pieces.iter().skip_while(|piece| matches!(piece, Piece::Sign('-' | '~')));
    let Some(Piece::Word(name)) = rest.next() else { return };
    match *name {
        "extends" | "include" | "embed" | "import" | "from" | "use" | "form_theme" => {
            let ends = |piece: &&Piece<'_>| match piece {
                Piece::Word(word) => *name != "form_theme" && matches!(*word, "with" | "only" | "ignore" | "import" | "as"),
                // A name that is put together, or a function that twig_functions looks at.
                Piece::Sign(sign) => matches!(sign, '~' | '('),
                Piece::Text(_) => false,
            };
            let taken: Vec<&Piece<'_>> = rest.clone().take_while(|piece| !ends(piece)).collect();
            if rest.clone().nth(taken.len()) == Some(&Piece::Sign('~')) {
                return;
            }
            for piece in taken {
                if let Piece::Text(text) = piece {
                    note(out, line, name, text);
                }
            }
        }
        "component" => {
            if let Some(Piece::Word(text) | Piece::Text(text)) = rest.next() {
                note(out, line, name, text);
            }
        }
        _ => {}
    }
}

/// `include('a.html.twig')`, `render(controller('App\\Controller\\Cart::show'))`
fn twig_functions(pieces: &[Piece<'_>], line: u32, out: &mut Builder) {
    for (place, pair) in pieces.windows(2).enumerate() {
        let [Piece::Word(name), Piece::Sign('(')] = pair else { continue };
        if TWIG.contains(name) {
            let inside = &pieces[place + 2..];
            texts(inside).into_iter().filter(|(argument, _)| *argument == 0).for_each(|(_, text)| note(out, line, name, text));
        }
    }
}

/// The texts among the arguments of a call up to its closing bracket, with the place of their argument. Pieces of a text
/// that is put together are none.
fn texts<'a>(pieces: &[Piece<'a>]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let (mut depth, mut argument) = (0u32, 0);
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Sign('(') => depth += 1,
            Piece::Sign('[' | '{') => depth += 1,
            Piece::Sign(')' | ']' | '}') => match depth.checked_sub(1) {
                Some(left) => depth = left,
                None => break,
            },
            Piece::Sign(',') if depth == 0 => argument += 1,
            Piece::Text(text) => {
                let joins = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Sign('.' | '~')));
                let before = place.checked_sub(1).and_then(|before| pieces.get(before));
                if !joins(before) && !joins(pieces.get(place + 1)) {
                    found.push((argument, *text));
                }
            }
            _ => {}
        }
    }
    found
}

/// Cuts a text into words, strings and signs, up to a closing bracket where one is given.
fn pieces(text: &str, close: Option<char>) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut depth = 0u32;
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            let Some((inner, behind)) = quoted(&rest[1..], first) else { break };
            found.push(Piece::Text(inner));
            rest = behind;
            continue;
        }
        let name = word(rest, "_\\:");
        if !name.is_empty() {
            found.push(Piece::Word(name));
            rest = &rest[name.len()..];
            continue;
        }
        if !first.is_whitespace() {
            found.push(Piece::Sign(first));
        }
        rest = &rest[first.len_utf8()..];
        match first {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => match depth.checked_sub(1) {
                Some(left) => depth = left,
                None if close == Some(first) => break,
                None => {}
            },
            _ => {}
        }
    }
    found
}

/// What stands up to a quote that no backslash is before, and what stands behind it; none where it is never closed.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (place, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some((&text[..place], &text[place + 1..])),
            _ => {}
        }
    }
    None
}

/// The letters, digits and these signs a text begins with.
fn word<'a>(text: &'a str, signs: &str) -> &'a str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && !signs.contains(letter)).unwrap_or(text.len());
    &text[..end]
}

fn note(out: &mut Builder, line: u32, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let (name, text) = (out.intern(name), out.intern(&text.replace("\\\\", "\\")));
    out.facts_mut().tags.push(Tag { line, name, text });
}

/// Counts lines as it goes down a text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of a place; places must not go back.
    fn at(&mut self, place: usize) -> u32 {
        let breaks = self.text.as_bytes()[self.at..place].iter().filter(|byte| **byte == b'\n').count();
        self.line += u32::try_from(breaks).expect("lines are counted in u32");
        self.at = place;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(read: fn(&str, &mut Builder), text: &str) -> Vec<String> {
        let mut out = Builder::default();
        read(text, &mut out);
        let facts = out.finish(1);
        facts.tags.iter().map(|tag| format!("{} {} {}", tag.line, facts.text(tag.name), facts.text(tag.text))).collect()
    }

    #[test]
    fn what_is_never_closed_does_not_stop_anything() {
        for text in ["@include('a", "@include(", "{{--", "<x-", "@", "@include('a' . $b)", "@include('\\"] {
            assert_eq!(tags(blade, text), Vec::<String>::new(), "{text}");
        }
        for text in ["{% include 'a", "{{ include('a' ~ b) }}", "{%", "{# {% include 'a' %}", "{% verbatim %}{% include 'a' %}", "<twig:"] {
            assert_eq!(tags(twig, text), Vec::<String>::new(), "{text}");
        }
    }
}
