//! Reads SQL as it is found: in dump files, in migrations and in strings of programs. Nothing in here fails.
//!
//! A text that was put together at run time comes with holes ([`hole`]); names that contain one stay open and are
//! filled by those who know what stands there.

pub mod dialect;
pub mod dump;
mod marks;
pub mod prisma;
pub mod schema;
pub mod splitter;
pub mod statement;
pub mod words;

pub use dialect::Dialect;

/// Opens the mark of a hole: a piece of the text that is not known when it is read.
pub const HOLE_START: char = '\u{1}';

/// Closes the mark of a hole.
pub const HOLE_END: char = '\u{2}';

/// The mark that stands in a text for its `index`-th unknown piece.
#[must_use]
pub fn hole(index: usize) -> String {
    format!("{HOLE_START}{index}{HOLE_END}")
}

/// A piece of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Known text.
    Text(&'a str),
    /// The unknown piece with this number.
    Hole(usize),
    /// A placeholder that is written in the text itself, such as `{user}` or `%s`, as it is written.
    Placeholder(&'a str),
}

/// The pieces of a name, in their order: `wp_` and hole 2 of `wp_⟨2⟩`.
#[must_use]
pub fn pieces(name: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut known = 0;
    let mut at = 0;
    while at < name.len() {
        let length = words::placeholder_length(&name[at..]);
        if length == 0 {
            at += name[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        if known < at {
            found.push(Piece::Text(&name[known..at]));
        }
        let text = &name[at..at + length];
        let number = text.strip_prefix(HOLE_START).and_then(|rest| rest.strip_suffix(HOLE_END)).and_then(|digits| digits.parse().ok());
        found.push(number.map_or(Piece::Placeholder(text), Piece::Hole));
        at += length;
        known = at;
    }
    if known < name.len() {
        found.push(Piece::Text(&name[known..]));
    }
    found
}
