//! Cuts SQL text into words: fast, for every dialect, and never failing.
//!
//! Comments and white space are left out; the conditional comments of MySQL (`/*!40101 ... */`) are code. What is not
//! closed (a string, a comment, a quoted name) reaches to the end of the text.

use super::{Dialect, HOLE_END, HOLE_START};

/// What sort of word it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A name or key word without quotes; it may contain holes.
    Name,
    /// A name in `` ` `` or `[]`.
    Quoted,
    /// Something in `""`: a name, or a string in MySQL.
    Double,
    /// A string, with its prefix if it has one.
    Text,
    /// A string between two `$tag$`.
    Dollar,
    /// A number.
    Number,
    /// `?`, `%s`, `%(name)s`, `:name`, `$1`, `{name}`.
    Placeholder,
    /// `@x` or `@@x`.
    Variable,
    /// A hole that stands alone.
    Hole,
    /// A sign, one character; `::` and `:=` are two.
    Symbol,
}

/// A word and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word<'a> {
    /// What sort of word it is.
    pub kind: Kind,
    /// As it is written, with quotes.
    pub text: &'a str,
    /// The byte it starts at.
    pub start: usize,
}

impl Word<'_> {
    /// True for this key word, in any case and without quotes.
    #[must_use]
    pub fn is(&self, key_word: &str) -> bool {
        self.kind == Kind::Name && self.text.eq_ignore_ascii_case(key_word)
    }

    /// True for one of these key words.
    #[must_use]
    pub fn is_any(&self, key_words: &[&str]) -> bool {
        self.kind == Kind::Name && key_words.iter().any(|key_word| self.text.eq_ignore_ascii_case(key_word))
    }

    /// True for this sign.
    #[must_use]
    pub fn sign(&self, sign: &str) -> bool {
        self.kind == Kind::Symbol && self.text == sign
    }

    /// What stands between the quotes, with doubled quotes and backslashes undone; other words as they are.
    #[must_use]
    pub fn content(&self) -> String {
        match self.kind {
            Kind::Quoted if self.text.starts_with('[') => undouble(inner(self.text, 0, "]"), ']', false),
            Kind::Quoted => undouble(inner(self.text, 0, "`"), '`', false),
            Kind::Double => undouble(inner(self.text, 0, "\""), '"', false),
            Kind::Text => {
                let quote = self.text.find('\'').unwrap_or(0);
                undouble(inner(self.text, quote, "'"), '\'', true)
            }
            Kind::Dollar => dollar_body(self.text).1.to_owned(),
            _ => self.text.to_owned(),
        }
    }
}

/// The text between the quote at `open` and the closing one, if it is there.
fn inner<'a>(text: &'a str, open: usize, close: &str) -> &'a str {
    let body = text.get(open + 1..).unwrap_or("");
    body.strip_suffix(close).unwrap_or(body)
}

fn undouble(body: &str, quote: char, backslashes: bool) -> String {
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c == quote || backslashes && c == '\\' {
            out.push(chars.next().unwrap_or(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Where the body of a `$tag$` string starts in it, and the body.
#[must_use]
pub fn dollar_body(text: &str) -> (usize, &str) {
    let tag = text.get(1..).and_then(|rest| rest.find('$')).map_or(text.len(), |at| at + 2);
    let body = text.get(tag..).unwrap_or("");
    (tag, body.strip_suffix(&text[..tag]).unwrap_or(body))
}

/// Cuts a text into words.
///
/// Where the dialect is unknown, a backslash in a string escapes what follows, unless that leaves a string open.
#[must_use]
pub fn words(text: &str, dialect: Dialect) -> Vec<Word<'_>> {
    let escapes = matches!(dialect, Dialect::MySql | Dialect::Unknown);
    let mut cutter = Cutter::new(text, dialect, escapes);
    cutter.run();
    if cutter.left_open && dialect == Dialect::Unknown {
        let mut again = Cutter::new(text, dialect, false);
        again.run();
        if !again.left_open {
            return again.out;
        }
    }
    cutter.out
}

/// How many bytes at the start of a text are a hole or a placeholder that may be part of a name; 0 if it starts
/// with something else.
#[must_use]
pub fn placeholder_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(1) => {
            let digits = bytes[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            1 + digits + usize::from(text[1 + digits..].starts_with(HOLE_END))
        }
        Some(b'{') => braces(bytes),
        Some(b'$') if bytes.get(1) == Some(&b'{') => match braces(&bytes[1..]) {
            0 => 0,
            length => length + 1,
        },
        Some(b'%') => percent(bytes),
        Some(b'#') if text.starts_with("#__") => 3,
        _ => 0,
    }
}

/// The length of `{name}`, `{{name}}` and their like: one word in braces.
fn braces(bytes: &[u8]) -> usize {
    const LONGEST: usize = 120;
    let twice = bytes.get(1) == Some(&b'{');
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate().take(LONGEST) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            b' ' if twice => {}
            b'\n' | b' ' | b'\t' | b',' | b';' | b'\r' => return 0,
            _ => {}
        }
    }
    0
}

/// The length of `%s`, `%d`, `%(name)s` or `%1$s`.
fn percent(bytes: &[u8]) -> usize {
    let mut at = 1;
    if bytes.get(at) == Some(&b'(') {
        at += 1 + bytes[2..].iter().take(80).take_while(|b| name_byte(**b)).count();
        if bytes.get(at) != Some(&b')') {
            return 0;
        }
        at += 1;
    } else {
        let digits = bytes[1..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 && bytes.get(1 + digits) == Some(&b'$') {
            at += digits + 1;
        }
    }
    match bytes.get(at) {
        Some(b's') => at + 1,
        Some(b'd' | b'i' | b'f' | b'u') if !bytes.get(at + 1).is_some_and(|b| name_byte(*b)) => at + 1,
        _ => 0,
    }
}

/// True for what a name without quotes consists of; everything beyond ASCII counts as a letter.
fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

struct Cutter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    escapes: bool,
    /// Inside `/*! ... */`.
    conditional: bool,
    left_open: bool,
    /// Tags of `$tag$` strings that were never found again; looking for each would cost the square of the text.
    lost_tags: usize,
    out: Vec<Word<'a>>,
}

impl<'a> Cutter<'a> {
    fn new(text: &'a str, dialect: Dialect, escapes: bool) -> Self {
        let out = Vec::with_capacity(text.len() / 6 + 1);
        Self { text, bytes: text.as_bytes(), at: 0, dialect, escapes, conditional: false, left_open: false, lost_tags: 0, out }
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte.is_ascii_whitespace() || byte == 0 {
                self.at += 1;
            } else if !self.comment(byte) {
                let start = self.at;
                let kind = self.word(byte);
                self.out.push(Word { kind, text: &self.text[start..self.at], start });
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Steps over a comment, or over the marks of a conditional one.
    fn comment(&mut self, byte: u8) -> bool {
        match byte {
            b'-' if self.peek(1) == b'-' => {
                let after = self.peek(2);
                if self.dialect == Dialect::MySql && !(after == 0 || after == b'-' || after.is_ascii_whitespace()) {
                    return false;
                }
                self.line();
            }
            b'#' if self.hash_comments() => self.line(),
            b'/' if self.peek(1) == b'*' => {
                let mark = if self.peek(2) == b'M' { 3 } else { 2 };
                let kept = matches!(self.dialect, Dialect::MySql | Dialect::Unknown);
                if kept && self.peek(mark) == b'!' {
                    self.at += mark + 1;
                    while self.peek(0).is_ascii_digit() {
                        self.at += 1;
                    }
                    self.conditional = true;
                } else {
                    self.block();
                }
            }
            b'*' if self.conditional && self.peek(1) == b'/' => {
                self.conditional = false;
                self.at += 2;
            }
            _ => return false,
        }
        true
    }

    /// `#` begins a comment in MySQL, a temporary table in SQL Server, and is an operator elsewhere.
    fn hash_comments(&self) -> bool {
        let joomla = self.text[self.at..].starts_with("#__");
        match self.dialect {
            Dialect::MySql => !joomla,
            Dialect::Unknown => !joomla && !name_byte(self.peek(1)) && self.peek(1) != b'>' && self.peek(1) != b'-',
            _ => false,
        }
    }

    fn line(&mut self) {
        self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length);
    }

    fn block(&mut self) {
        let nests = matches!(self.dialect, Dialect::Postgres | Dialect::SqlServer);
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            if self.peek(0) == b'/' && self.peek(1) == b'*' && (nests || depth == 0) {
                depth += 1;
                self.at += 2;
            } else if self.peek(0) == b'*' && self.peek(1) == b'/' {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
    }

    fn word(&mut self, byte: u8) -> Kind {
        match byte {
            b'\'' => self.quoted(b'\'', self.escapes, Kind::Text),
            b'"' => self.quoted(b'"', self.escapes, Kind::Double),
            b'`' => self.quoted(b'`', false, Kind::Quoted),
            b'[' if self.bracket_opens_name() => self.quoted(b']', false, Kind::Quoted),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() && !self.after_name() => self.number(),
            b'$' => self.dollar(),
            b'@' => self.variable(),
            b'?' => {
                self.skip(1, u8::is_ascii_digit);
                Kind::Placeholder
            }
            b':' if self.peek(1).is_ascii_alphabetic() || self.peek(1) == b'_' => {
                self.skip(1, |b| name_byte(*b));
                Kind::Placeholder
            }
            b':' if self.peek(1) == b':' || self.peek(1) == b'=' => {
                self.at += 2;
                Kind::Symbol
            }
            _ if self.starts_name(byte) => self.name(),
            _ => {
                self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                Kind::Symbol
            }
        }
    }

    fn skip(&mut self, first: usize, wanted: impl Fn(&u8) -> bool) {
        self.at += first;
        self.at += self.bytes[self.at..].iter().take_while(|b| wanted(b)).count();
    }

    /// True when a name or bracket ends right here, with nothing between.
    fn after_name(&self) -> bool {
        self.at > 0 && (name_byte(self.bytes[self.at - 1]) || matches!(self.bytes[self.at - 1], b']' | b')' | b'"' | b'`'))
    }

    /// `[name]` of SQL Server and SQLite, not the subscript of PostgreSQL.
    fn bracket_opens_name(&self) -> bool {
        match self.dialect {
            Dialect::SqlServer => true,
            Dialect::Sqlite | Dialect::Unknown => {
                let next = self.peek(1);
                !self.after_name() && (next.is_ascii_alphabetic() || next == b'_' || next == 1 || next == b'#' || next >= 0x80)
            }
            _ => false,
        }
    }

    /// From the opening quote behind the closing one; a doubled quote does not close.
    fn quoted(&mut self, close: u8, escapes: bool, kind: Kind) -> Kind {
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at..];
            let found = if escapes { memchr::memchr2(close, b'\\', rest) } else { memchr::memchr(close, rest) };
            let Some(found) = found else {
                self.left_open = true;
                self.at = self.bytes.len();
                return kind;
            };
            self.at += found;
            if self.bytes[self.at] == b'\\' {
                // A backslash before a character of several bytes: the bytes behind the first are never a quote.
                self.at = (self.at + 2).min(self.bytes.len());
            } else if self.peek(1) == close {
                self.at += 2;
            } else {
                self.at += 1;
                return kind;
            }
        }
    }

    /// A number; `2fa_codes` is a name that starts with a digit.
    fn number(&mut self) -> Kind {
        let start = self.at;
        self.skip(0, |b| name_byte(*b) || *b == b'.');
        let text = &self.bytes[start..self.at];
        if matches!(text.last(), Some(b'e' | b'E')) && matches!(self.peek(0), b'+' | b'-') && self.peek(1).is_ascii_digit() {
            self.skip(1, u8::is_ascii_digit);
        } else if text.contains(&b'_') && !text.contains(&b'.') {
            return Kind::Name;
        }
        Kind::Number
    }

    /// `$1`, `$name`, `${name}`, or a string between two `$tag$`.
    fn dollar(&mut self) -> Kind {
        let tag = self.bytes[self.at + 1..].iter().take_while(|b| name_byte(**b) && **b != b'$').count();
        let tagged = self.peek(1 + tag) == b'$' && !self.peek(1).is_ascii_digit();
        if tagged && self.lost_tags < 20 && matches!(self.dialect, Dialect::Postgres | Dialect::Unknown) {
            let mark = &self.text[self.at..self.at + tag + 2];
            let body = self.at + mark.len();
            if let Some(length) = memchr::memmem::find(&self.bytes[body..], mark.as_bytes()) {
                self.at = body + length + mark.len();
                return Kind::Dollar;
            }
            self.lost_tags += 1;
            if self.dialect == Dialect::Postgres {
                self.left_open = true;
                self.at = self.bytes.len();
                return Kind::Dollar;
            }
        }
        if placeholder_length(&self.text[self.at..]) > 0 {
            return self.name();
        }
        self.at += 1 + tag;
        if tag > 0 { Kind::Placeholder } else { Kind::Symbol }
    }

    fn variable(&mut self) -> Kind {
        self.skip(1, |b| *b == b'@');
        match self.peek(0) {
            b'\'' => self.quoted(b'\'', false, Kind::Variable),
            b'"' => self.quoted(b'"', false, Kind::Variable),
            b'`' => self.quoted(b'`', false, Kind::Variable),
            byte if name_byte(byte) => {
                self.skip(0, |b| name_byte(*b));
                Kind::Variable
            }
            _ => Kind::Symbol,
        }
    }

    fn starts_name(&self, byte: u8) -> bool {
        name_byte(byte) || self.temporary(byte) || placeholder_length(&self.text[self.at..]) > 0
    }

    /// `#temp` of SQL Server.
    fn temporary(&self, byte: u8) -> bool {
        byte == b'#' && matches!(self.dialect, Dialect::SqlServer | Dialect::Unknown) && (name_byte(self.peek(1)) || self.peek(1) == b'#')
    }

    /// A name, with the holes and placeholders in it; these alone are words of their own kind.
    fn name(&mut self) -> Kind {
        let (start, mut holes, mut letters) = (self.at, 0_usize, 0_usize);
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            let length = if name_byte(byte) && byte != b'$' { 0 } else { placeholder_length(&self.text[self.at..]) };
            if length > 0 {
                self.at += length;
                holes += 1;
            } else if name_byte(byte) || byte == b'#' && self.at < start + 2 && self.bytes[start] == b'#' {
                self.at += 1;
                letters += 1;
            } else {
                break;
            }
        }
        let text = &self.text[start..self.at];
        if letters == 0 {
            return if text.starts_with(HOLE_START) { Kind::Hole } else { Kind::Placeholder };
        }
        if self.peek(0) == b'\'' && holes == 0 && is_prefix(text) {
            return self.quoted(b'\'', self.escapes || text.eq_ignore_ascii_case("E"), Kind::Text);
        }
        Kind::Name
    }
}

/// What may stand right before the quote of a string: `N'..'`, `E'..'`, `_utf8'..'`.
fn is_prefix(text: &str) -> bool {
    text.starts_with('_') || ["N", "E", "B", "X", "U", "R"].iter().any(|prefix| text.eq_ignore_ascii_case(prefix))
}
