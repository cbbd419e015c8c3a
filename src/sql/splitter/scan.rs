//! Finds the end of one statement.

use super::head::{Head, Kind};
use super::{HOLD, Splitter};
use crate::sql::dialect::Dialect;
use std::io::Read;

/// How the end of a statement is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Body {
    /// By a semicolon.
    Plain,
    /// By a semicolon outside BEGIN and END.
    Nested,
    /// By the announced delimiter, or by GO.
    Delimited,
    /// By a semicolon, even inside a conditional comment.
    Bare,
}

impl Body {
    pub(super) fn complaint(self) -> &'static str {
        match self {
            Self::Plain | Self::Bare => "a conditional comment in this statement is never closed",
            Self::Nested => "BEGIN in this statement has no END",
            Self::Delimited => "the announced delimiter never ends this statement",
        }
    }
}

/// Which bytes are looked at in which sort of statement; all others are passed over.
pub(super) struct Marks {
    plain: [bool; 256],
    data: [bool; 256],
    nested: [bool; 256],
}

impl Marks {
    pub(super) fn new(dialect: Dialect, delimiter: &[u8]) -> Self {
        let mut plain = [false; 256];
        let quotes: &[u8] = match dialect {
            Dialect::MySql => b"'\"`#",
            Dialect::Postgres => b"'\"$",
            Dialect::Sqlite => b"'\"`[",
            Dialect::SqlServer => b"'\"[",
            Dialect::Unknown => b"'\"`$#",
        };
        for byte in quotes.iter().chain(b";-/*\n").chain(delimiter.first()) {
            plain[usize::from(*byte)] = true;
        }
        let (mut data, mut nested) = (plain, plain);
        for byte in b"()sSvV" {
            data[usize::from(*byte)] = true;
        }
        for byte in (b'a'..=b'z').chain(b'A'..=b'Z') {
            nested[usize::from(byte)] = true;
        }
        Self { plain, data, nested }
    }
}

/// What was found between the start of a statement and its end.
#[derive(Default)]
pub(super) struct Scan {
    /// Where its text ends, from its start.
    pub(super) end: usize,
    /// A terminator was there.
    pub(super) complete: bool,
    /// Groups of values.
    pub(super) rows: u64,
    /// SELECT was met among the values: there is more to it than rows.
    pub(super) selects: bool,
    values: Values,
    parentheses: u32,
    blocks: Blocks,
    /// Inside a conditional comment.
    pub(super) conditional: bool,
}

/// Where reading stands relative to the word VALUES.
#[derive(Default, PartialEq)]
enum Values {
    #[default]
    Before,
    /// The next group is the first row.
    Next,
    /// A group behind a comma is a row.
    Among,
}

/// Counts BEGIN and CASE against END.
#[derive(Default)]
struct Blocks {
    depth: u32,
    /// END was met; the next word says of what.
    ended: bool,
}

impl Blocks {
    fn word(&mut self, word: &[u8]) {
        let is = |known: &str| word.eq_ignore_ascii_case(known.as_bytes());
        if std::mem::take(&mut self.ended) {
            if ["IF", "LOOP", "WHILE", "REPEAT", "FOR"].into_iter().any(is) {
                return;
            }
            self.depth = self.depth.saturating_sub(1);
            if is("CASE") {
                return;
            }
        }
        if is("BEGIN") || is("CASE") {
            self.depth += 1;
        } else if is("END") {
            self.ended = true;
        }
    }

    /// True when nothing is open; called at a semicolon, where an END has shown what it ends.
    fn are_closed(&mut self) -> bool {
        self.word(b"");
        self.depth == 0
    }
}

impl<R: Read> Splitter<R> {
    /// Reads to the end of the statement that starts here.
    pub(super) fn scan(&mut self, head: Head, body: Body) -> Scan {
        let mut scan = Scan::default();
        loop {
            let marks = match (head.kind, body) {
                (Kind::Data, _) => &self.marks.data,
                (_, Body::Nested) => &self.marks.nested,
                _ => &self.marks.plain,
            };
            if !self.window.seek_marked(marks) {
                scan.end = self.window.offset();
                scan.complete = self.dialect == Dialect::SqlServer && body == Body::Delimited;
                return scan;
            }
            if self.window.offset() > HOLD {
                if head.kind == Kind::Data {
                    self.let_rows_go();
                } else if matches!(body, Body::Nested | Body::Delimited) {
                    scan.end = self.window.offset();
                    return scan;
                }
            }
            if self.step(&mut scan, head, body) {
                return scan;
            }
        }
    }

    /// Passes over the marked byte and what it opens; true at the end of the statement.
    fn step(&mut self, scan: &mut Scan, head: Head, body: Body) -> bool {
        if self.at_delimiter() && !scan.conditional {
            return self.end_here(scan, self.delimiter.len());
        }
        let byte = self.window.peek(0).expect("a marked byte is there");
        match byte {
            b';' => {
                let ends = match body {
                    Body::Plain => !scan.conditional,
                    Body::Bare => true,
                    Body::Nested => scan.blocks.are_closed() && !scan.conditional,
                    Body::Delimited => false,
                };
                if ends {
                    return self.end_here(scan, 1);
                }
                self.window.at += 1;
            }
            b'\n' => {
                self.window.at += 1;
                if self.line_begins_another(head, body) {
                    scan.end = self.window.offset();
                    scan.complete = self.at_line_word(b"GO") || self.at_line_word(b"DELIMITER");
                    return true;
                }
            }
            b'\'' | b'"' | b'`' | b'[' => self.quote(byte, head),
            b'$' => self.dollar_body(),
            b'#' | b'-' if self.at_line_comment() => self.window.seek_line_end(),
            b'/' if self.at_conditional() => {
                scan.conditional = true;
                self.window.at += 3;
            }
            b'/' if self.window.comes(b"/*") => self.block_comment(),
            b'*' if scan.conditional && self.window.comes(b"*/") => {
                scan.conditional = false;
                self.window.at += 2;
            }
            b'(' | b')' => self.parenthesis(scan, byte),
            _ if byte.is_ascii_alphabetic() => self.word(scan, head),
            _ => self.window.at += 1,
        }
        false
    }

    fn end_here(&mut self, scan: &mut Scan, terminator: usize) -> bool {
        scan.end = self.window.offset();
        scan.complete = true;
        self.window.at += terminator;
        true
    }

    /// Only data statements stop at parentheses: every group behind VALUES is a row.
    fn parenthesis(&mut self, scan: &mut Scan, byte: u8) {
        if byte == b')' {
            scan.parentheses = scan.parentheses.saturating_sub(1);
        } else {
            if scan.parentheses == 0 && (scan.values == Values::Next || scan.values == Values::Among && self.comma_before()) {
                scan.values = Values::Among;
                scan.rows += 1;
            }
            scan.parentheses += 1;
        }
        self.window.at += 1;
    }

    fn comma_before(&self) -> bool {
        let text = self.window.held(self.window.offset());
        text.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b',')
    }

    fn word(&mut self, scan: &mut Scan, head: Head) {
        let inside =
            self.window.previous().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@' || byte >= 0x80);
        let from = self.window.offset();
        while self.window.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.window.at += 1;
        }
        if inside {
            return;
        }
        let word = &self.window.held(self.window.offset())[from..];
        if head.kind != Kind::Data {
            scan.blocks.word(word);
        } else if word.eq_ignore_ascii_case(b"SELECT") {
            scan.selects = true;
        } else if scan.values == Values::Before
            && scan.parentheses == 0
            && (word.eq_ignore_ascii_case(b"VALUES") || word.eq_ignore_ascii_case(b"VALUE"))
        {
            scan.values = Values::Next;
        }
    }

    /// A quoted text or name. One that never closes ends with its line.
    fn quote(&mut self, byte: u8, head: Head) {
        let from = self.window.offset();
        let close = if byte == b'[' { b']' } else { byte };
        let escapes = match byte {
            b'\'' => self.escapes || self.dialect == Dialect::Postgres && self.after_e(),
            b'"' => self.escapes && self.dialect == Dialect::MySql,
            _ => false,
        };
        self.window.at += 1;
        let mut limit = self.reach(from);
        loop {
            match self.window.seek_either(close, if escapes { b'\\' } else { close }, limit) {
                Some(found) if found == close => {
                    self.window.at += 1;
                    return;
                }
                Some(_) => {
                    self.window.at += 1;
                    if self.window.peek(0).is_some() {
                        self.window.at += 1;
                    }
                }
                // A large value among rows: what was read of it may go.
                None if self.window.offset() >= HOLD && head.kind == Kind::Data => {
                    self.let_rows_go();
                    limit = HOLD;
                }
                None if self.kept.is_some() => {
                    let line = self.window.line_here();
                    return self.doubt(line, "a quote among rows is never closed; what stood in it was not read".to_owned());
                }
                None => return self.close_by_force(from, "a quote"),
            }
        }
    }

    /// How far the end of something that opens at an offset is looked for.
    pub(super) fn reach(&self, from: usize) -> usize {
        from + if self.look_back > 0 { HOLD } else { 512 }
    }

    /// True behind the E of `E'..'`.
    fn after_e(&self) -> bool {
        let text = self.window.held(self.window.offset());
        match text {
            [.., before, b'e' | b'E'] => !(before.is_ascii_alphanumeric() || *before == b'_'),
            [b'e' | b'E'] => true,
            _ => false,
        }
    }

    /// `$tag$ ... $tag$`, where it is one.
    fn dollar_body(&mut self) {
        let from = self.window.offset();
        let inside = self.window.previous().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$');
        let mut length = 1;
        while length < 64 && self.window.peek(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80) {
            length += 1;
        }
        let closed = self.window.peek(length) == Some(b'$');
        let digit = self.window.peek(1).is_some_and(|byte| byte.is_ascii_digit());
        if inside || !closed || digit {
            self.window.at += 1;
            return;
        }
        let tag = self.window.ahead(length + 1).to_vec();
        self.window.at += tag.len();
        let limit = self.reach(from);
        while self.window.seek_either(b'$', b'$', limit).is_some() {
            if self.window.comes(&tag) {
                self.window.at += tag.len();
                return;
            }
            self.window.at += 1;
        }
        self.close_by_force(from, "a `$` quote");
    }

    /// True when the line that begins here cannot belong to the statement above it.
    fn line_begins_another(&mut self, head: Head, body: Body) -> bool {
        match self.window.peek(0) {
            Some(b'g' | b'G') if self.at_line_word(b"GO") => true,
            Some(b'd' | b'D') if self.at_line_word(b"DELIMITER") => true,
            _ if matches!(body, Body::Nested | Body::Delimited) => false,
            Some(b'c' | b'C') => {
                let next = self.window.ahead(40).to_ascii_uppercase();
                let mut words = next.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
                let table = words.nth(1).is_some_and(|word| word == b"TABLE" || word == b"TEMPORARY" || word == b"UNLOGGED");
                next.starts_with(b"CREATE") && (table || self.dialect == Dialect::SqlServer)
            }
            // Scripts for SQL Server often do without semicolons.
            Some(b'a' | b'A' | b'i' | b'I' | b'd' | b'D' | b'e' | b'E') if self.dialect == Dialect::SqlServer && !head.merge => {
                [&b"ALTER TABLE "[..], b"INSERT ", b"DROP ", b"EXEC "].into_iter().any(|word| self.window.comes(word))
            }
            _ => false,
        }
    }

    /// Keeps the beginning of a large statement that holds rows and lets go of the rest.
    fn let_rows_go(&mut self) {
        if self.kept.is_none() {
            let length = self.window.offset().min(4096);
            self.kept = Some(self.window.held(length).to_vec());
        }
        self.window.begin();
    }
}
