//! Cuts one statement into tokens. What is never closed ends with its line, as it does for the splitter.

use crate::sql::dialect::Dialect;

/// A sort of token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    /// Letters, digits, `_`, `$`, `@`, `#`.
    Word,
    /// In quotes of any kind: a name or a text.
    Quoted,
    /// Any other character.
    Symbol,
}

/// A stretch of the statement.
#[derive(Clone, Copy, Debug)]
struct Token {
    sort: Sort,
    start: usize,
    end: usize,
}

/// The tokens of one statement; asking beyond its end is answered with nothing.
pub struct Tokens<'a> {
    text: &'a str,
    dialect: Dialect,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Cuts a statement.
    #[must_use]
    pub fn of(text: &'a str, dialect: Dialect) -> Self {
        let mut lexer = Lexer { bytes: text.as_bytes(), at: 0, dialect, list: Vec::new() };
        while lexer.at < lexer.bytes.len() {
            lexer.token();
        }
        Self { text, dialect, list: lexer.list }
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True without any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The dialect they were cut by.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// As written, quotes included.
    #[must_use]
    pub fn raw(&self, at: usize) -> &'a str {
        self.list.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    /// True when this is the word, in letters of either case and without quotes.
    #[must_use]
    pub fn is(&self, at: usize, word: &str) -> bool {
        self.is_word(at) && self.raw(at).eq_ignore_ascii_case(word)
    }

    /// True for a word without quotes.
    #[must_use]
    pub fn is_word(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.sort == Sort::Word)
    }

    /// True when this is the character.
    #[must_use]
    pub fn symbol(&self, at: usize, symbol: u8) -> bool {
        self.list.get(at).is_some_and(|token| token.sort == Sort::Symbol && self.text.as_bytes()[token.start] == symbol)
    }

    /// True for something in single quotes, double quotes, dollars or the like that can be a text.
    #[must_use]
    pub fn is_text(&self, at: usize) -> bool {
        self.quoted(at) && (self.raw(at).starts_with(['\'', '$']) || self.raw(at).starts_with('"') && self.dialect == Dialect::MySql)
    }

    fn quoted(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.sort == Sort::Quoted)
    }

    /// The name that stands here: without quotes, and as PostgreSQL folds it.
    #[must_use]
    pub fn name(&self, at: usize) -> Option<String> {
        let raw = self.raw(at);
        if self.quoted(at) {
            return (!raw.starts_with('$')).then(|| unquoted(raw, false));
        }
        // A word that begins with a digit is a name in MySQL; one of digits alone is a number.
        let named = self.is_word(at) && !raw.bytes().all(|byte| byte.is_ascii_digit());
        named.then(|| if self.dialect == Dialect::Postgres { raw.to_lowercase() } else { raw.to_owned() })
    }

    /// The text that stands here, without quotes.
    #[must_use]
    pub fn literal(&self, at: usize) -> Option<String> {
        let raw = self.raw(at);
        if !self.quoted(at) {
            return None;
        }
        if let Some(rest) = raw.strip_prefix('$') {
            let tag = rest.find('$').map_or(raw.len(), |end| end + 2);
            let inner = raw.get(tag..).unwrap_or("");
            return Some(inner.strip_suffix(&raw[..tag.min(raw.len())]).unwrap_or(inner).to_owned());
        }
        Some(unquoted(raw, self.dialect == Dialect::MySql))
    }

    /// Where it starts in the statement, in bytes; the end of the statement beyond the last one.
    #[must_use]
    pub fn start(&self, at: usize) -> usize {
        self.list.get(at).map_or(self.text.len(), |token| token.start)
    }

    /// What is written from one token to before another, runs of blanks as one.
    #[must_use]
    pub fn between(&self, from: usize, to: usize) -> String {
        self.exactly(from, to).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What is written from one token to before another.
    #[must_use]
    pub fn exactly(&self, from: usize, to: usize) -> &'a str {
        if from >= to || from >= self.list.len() {
            return "";
        }
        let last = self.list[to.min(self.list.len()) - 1];
        &self.text[self.list[from].start..last.end]
    }

    /// How many lines further down than the start of the statement a token stands.
    #[must_use]
    pub fn lines_down(&self, at: usize) -> u32 {
        u32::try_from(memchr::memchr_iter(b'\n', &self.text.as_bytes()[..self.start(at)]).count()).unwrap_or(u32::MAX)
    }
}

/// Takes quotes off; doubled ones stand for one.
fn unquoted(raw: &str, escapes: bool) -> String {
    let mut letters = raw.chars();
    let close = match letters.next() {
        Some('[') => ']',
        Some(open) => open,
        None => return String::new(),
    };
    let inner = letters.as_str();
    let inner = inner.strip_suffix(close).unwrap_or(inner);
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == close {
            letters.next_if_eq(&close);
            out.push(letter);
        } else if letter == '\\' && escapes && close != '`' {
            match letters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('0') => out.push('\0'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            }
        } else {
            out.push(letter);
        }
    }
    out
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    list: Vec<Token>,
}

impl Lexer<'_> {
    fn token(&mut self) {
        let rest = &self.bytes[self.at..];
        let next = rest.get(1).copied();
        match rest[0] {
            byte if byte.is_ascii_whitespace() || byte == 0 => self.at += 1,
            b'-' if next == Some(b'-') => self.line_comment(),
            b'#' if self.dialect == Dialect::MySql => self.line_comment(),
            b'/' if next == Some(b'*') => self.block_comment(),
            b'*' if next == Some(b'/') => self.at += 2,
            b'\'' | b'"' | b'`' => self.quoted(),
            b'[' if matches!(self.dialect, Dialect::SqlServer | Dialect::Sqlite) => self.quoted(),
            b'$' if matches!(self.dialect, Dialect::Postgres | Dialect::Unknown) => self.dollars(),
            byte if is_word_byte(byte) => {
                let length = rest.iter().take_while(|byte| is_word_byte(**byte)).count();
                self.push(Sort::Word, length);
            }
            _ => self.push(Sort::Symbol, 1),
        }
    }

    fn push(&mut self, sort: Sort, length: usize) {
        self.list.push(Token { sort, start: self.at, end: self.at + length });
        self.at += length;
    }

    fn line_length(&self) -> usize {
        memchr::memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at)
    }

    fn line_comment(&mut self) {
        self.at += self.line_length();
    }

    /// Conditional comments are code: only their marks are passed over.
    fn block_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        if matches!(self.dialect, Dialect::MySql | Dialect::Unknown) && (rest.starts_with(b"/*!") || rest.starts_with(b"/*M!")) {
            self.at += if rest[2] == b'!' { 3 } else { 4 };
            self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            return;
        }
        let nests = matches!(self.dialect, Dialect::Postgres | Dialect::SqlServer);
        let mut depth = 1;
        let mut at = 2;
        while depth > 0 {
            let Some(found) = memchr::memchr2(b'*', b'/', &rest[at..]) else { return self.line_comment() };
            at += found;
            match &rest[at..] {
                [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
                [b'/', b'*', ..] if nests => (depth, at) = (depth + 1, at + 2),
                _ => at += 1,
            }
        }
        self.at += at;
    }

    fn quoted(&mut self) {
        let rest = &self.bytes[self.at..];
        let close = if rest[0] == b'[' { b']' } else { rest[0] };
        let after_e = self.list.last().is_some_and(|last| last.end == self.at && matches!(&self.bytes[last.start..last.end], b"e" | b"E"));
        let escapes = match close {
            b'\'' => self.dialect == Dialect::MySql || self.dialect == Dialect::Postgres && after_e,
            b'"' => self.dialect == Dialect::MySql,
            _ => false,
        };
        let mut at = 1;
        loop {
            let Some(found) = memchr::memchr2(close, if escapes { b'\\' } else { close }, &rest[at..]) else {
                return self.push(Sort::Quoted, self.line_length());
            };
            at += found;
            if rest[at] != close {
                at = (at + 2).min(rest.len());
            } else if rest.get(at + 1) == Some(&close) {
                at += 2;
            } else {
                break;
            }
        }
        self.push(Sort::Quoted, at + 1);
    }

    fn dollars(&mut self) {
        let rest = &self.bytes[self.at..];
        let name = rest[1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80).count();
        let closed = rest.get(name + 1) == Some(&b'$');
        if !closed || rest.get(1).is_some_and(u8::is_ascii_digit) {
            return self.push(Sort::Symbol, 1);
        }
        let tag = &rest[..name + 2];
        let length = memchr::memmem::find(&rest[tag.len()..], tag).map_or_else(|| self.line_length(), |end| end + 2 * tag.len());
        self.push(Sort::Quoted, length);
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@' | b'#') || byte >= 0x80
}
