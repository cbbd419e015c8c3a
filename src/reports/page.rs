//! Text for a terminal: styled pieces, numbers people can read, lines that keep to a width.

use anstyle::{AnsiColor, Style};
use std::borrow::Cow;
use std::io::{self, Write};

/// A stretch of a line in one style.
pub(super) struct Piece<'a>(Style, Cow<'a, str>);

/// Text as it is.
pub(super) fn plain<'a>(text: impl Into<Cow<'a, str>>) -> Piece<'a> {
    Piece(Style::new(), text.into())
}

/// A heading.
pub(super) fn bold<'a>(text: impl Into<Cow<'a, str>>) -> Piece<'a> {
    Piece(Style::new().bold(), text.into())
}

/// Something wrong.
pub(super) fn bad<'a>(text: impl Into<Cow<'a, str>>) -> Piece<'a> {
    Piece(AnsiColor::Red.on_default().bold(), text.into())
}

/// Something to do.
pub(super) fn todo<'a>(text: impl Into<Cow<'a, str>>) -> Piece<'a> {
    Piece(AnsiColor::Cyan.on_default(), text.into())
}

/// A remark.
pub(super) fn faint<'a>(text: impl Into<Cow<'a, str>>) -> Piece<'a> {
    Piece(Style::new().dimmed(), text.into())
}

/// A page that is written from top to bottom.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    /// Columns a line may take.
    pub(super) width: usize,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(out: &'a mut dyn Write, colour: bool, width: usize) -> Self {
        Self { out, colour, width }
    }

    /// Writes a line.
    pub(super) fn line(&mut self, pieces: &[Piece]) -> io::Result<()> {
        for Piece(style, text) in pieces {
            let text = harmless(text);
            if self.colour && *style != Style::new() {
                write!(self.out, "{style}{text}{style:#}")?;
            } else {
                self.out.write_all(text.as_bytes())?;
            }
        }
        self.out.write_all(b"\n")
    }

    /// Leaves a line free.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        self.line(&[])
    }

    /// Writes a text that may need several lines, each behind an indent.
    pub(super) fn wrapped(&mut self, indent: usize, text: &str) -> io::Result<()> {
        for line in wrap(text, self.width.saturating_sub(indent).max(20)) {
            self.line(&[plain(" ".repeat(indent)), plain(line)])?;
        }
        Ok(())
    }
}

/// The text without control characters: a file name must not be able to move the cursor.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect::<String>().into()
    } else {
        text.into()
    }
}

/// A number with thousands separators: `43,136`.
pub(super) fn number(value: impl TryInto<u64>) -> String {
    let digits = value.try_into().unwrap_or(0).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 file`, `2 files`, `3 dependencies`.
pub(super) fn count(value: usize, noun: &str) -> String {
    format!("{} {}", number(value), plural(value, noun))
}

/// The noun for a number of things.
pub(super) fn plural(value: usize, noun: &str) -> String {
    let y_after_consonant = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match (value, y_after_consonant) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{noun}s"),
    }
}

/// A weight, kept in thousandths, as people write it: `3`, `2.5`, `1,204.35`.
pub(super) fn weight(thousandths: i64) -> String {
    let whole = number(thousandths / 1000);
    let rest = format!("{:03}", thousandths % 1000);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
}

/// The text cut to some columns, with an ellipsis where something is missing.
pub(super) fn clip(text: &str, columns: usize) -> Cow<'_, str> {
    if text.chars().count() <= columns {
        return text.into();
    }
    let mut short: String = text.chars().take(columns.saturating_sub(3)).collect();
    short.push_str("...");
    short.into()
}

/// As many names as fit, and how many more there are.
pub(super) fn list(names: &[&str], columns: usize) -> String {
    let mut text = String::new();
    for (place, name) in names.iter().enumerate() {
        let left = names.len() - place;
        let reserve = if left > 1 { " and 1,000 more".len() } else { 0 };
        if place > 0 && text.chars().count() + 2 + name.chars().count() + reserve > columns {
            text.push_str(&format!(" and {} more", number(left)));
            return text;
        }
        if place > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    text
}

/// A path through the graph: `a -> b -> a`; the middle of a long one is left out.
pub(super) fn path(names: &[&str], columns: usize) -> String {
    let full = names.join(" -> ");
    if full.chars().count() <= columns || names.len() <= 4 {
        return full;
    }
    let last = names.len() - 1;
    for kept in (1..last).rev() {
        let gone = last - kept;
        let text = format!("{} -> ({gone} more) -> {}", names[..kept].join(" -> "), names[last]);
        if text.chars().count() <= columns || kept == 1 {
            return text;
        }
    }
    full
}

/// Lines of at most so many columns, broken between words.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

/// A word for the shell: quoted where it needs to be.
pub(super) fn shell(word: &str) -> Cow<'_, str> {
    let is_bare = !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || "/._-+:@,".contains(letter));
    if is_bare { word.into() } else { format!("'{}'", word.replace('\'', "'\\''")).into() }
}

#[cfg(test)]
mod tests {
    use super::{Page, bad, clip, count, list, number, path, plain, shell, weight, wrap};

    #[test]
    fn numbers_have_thousands_separators() {
        let all = [0u64, 7, 999, 1000, 43136, 1_000_000, 1_734_440].map(number);
        assert_eq!(all, ["0", "7", "999", "1,000", "43,136", "1,000,000", "1,734,440"]);
        assert_eq!([count(1, "file"), count(2, "file"), count(1200, "dependency")], ["1 file", "2 files", "1,200 dependencies"]);
    }

    #[test]
    fn weights_show_the_decimals_they_have() {
        assert_eq!([0, 200, 1000, 2500, 1_204_350].map(weight), ["0", "0.2", "1", "2.5", "1,204.35"]);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        assert_eq!(list(&["cart", "orders"], 80), "cart, orders");
        assert_eq!(list(&["cart", "orders", "catalog", "search"], 28), "cart, orders and 2 more");
        assert_eq!(list(&["cart", "orders", "catalog", "search"], 20), "cart and 3 more");
        assert_eq!(path(&["a", "b", "c", "d", "e", "a"], 80), "a -> b -> c -> d -> e -> a");
        assert_eq!(path(&["aaaa", "bbbb", "cccc", "dddd", "eeee", "aaaa"], 36), "aaaa -> bbbb -> (3 more) -> aaaa");
        assert_eq!(clip("shop/orders/models.py", 12), "shop/orde...");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    }

    #[test]
    fn names_cannot_move_the_cursor() {
        let mut out = Vec::new();
        Page::new(&mut out, false, 80).line(&[plain("a\u{1b}[2Jb\nc")]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\u{fffd}[2Jb\u{fffd}c\n");
    }

    #[test]
    fn colours_only_where_wanted() {
        let mut out = Vec::new();
        Page::new(&mut out, true, 80).line(&[bad("x")]).unwrap();
        assert!(String::from_utf8(out).unwrap().contains('\u{1b}'));
    }

    #[test]
    fn hints_can_be_pasted() {
        assert_eq!([shell("shop.cart"), shell("my shop"), shell("it's")], ["shop.cart", "'my shop'", "'it'\\''s'"]);
    }
}
