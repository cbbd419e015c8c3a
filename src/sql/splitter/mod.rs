//! Cuts a file of SQL into statements without holding the file.
//!
//! It knows the quotes of all dialects, comments (conditional ones are code), `$tag$` bodies, DELIMITER, rows that
//! follow COPY, commands of psql, GO, and bodies between BEGIN and END. What never closes is closed by force: a quote
//! at the end of its line, a body or delimiter at the next semicolon; so one broken statement costs its neighbours
//! nothing. How often it may look back is bounded, and so the time is linear in the size of the file.

mod between;
mod evidence;
mod head;
mod scan;
mod window;

pub use head::Kind;

use crate::sql::dialect::Dialect;
use head::{HEAD, Head};
use scan::{Body, Marks, Scan};
use std::io::Read;
use window::Window;

/// A statement that holds rows is let go of beyond this size, and nothing is looked back for beyond it.
const HOLD: usize = 16 * 1024 * 1024;

/// How many bytes may be read a second time because something was never closed.
const LOOK_BACK: usize = 32 * 1024 * 1024;

/// Beyond some hundred doubts a list helps nobody.
const MOST_DOUBTS: usize = 200;

/// One statement, without its terminator.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Its first line, from 1.
    pub line: u32,
    /// What it does.
    pub kind: Kind,
    /// Its bytes as they stand in the file; of a large one with rows only the beginning.
    pub text: &'a [u8],
    /// Rows it holds, for [`Kind::Data`].
    pub rows: u64,
    /// False when it ended without a terminator.
    pub complete: bool,
}

/// A thing that was not as it should be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Doubt {
    /// The line.
    pub line: u32,
    /// What happened and what was done about it.
    pub message: String,
}

/// Cuts a file of SQL into statements.
pub struct Splitter<R> {
    window: Window<R>,
    dialect: Dialect,
    /// Backslashes escape in plain quotes.
    escapes: bool,
    delimiter: Vec<u8>,
    marks: Marks,
    look_back: usize,
    /// The beginning of a statement that was let go of.
    kept: Option<Vec<u8>>,
    doubts: Vec<Doubt>,
}

impl<R: Read> Splitter<R> {
    /// Takes the dialect, or finds it out from the start of the file.
    pub fn new(source: R, dialect: Option<Dialect>) -> Self {
        Self::with_chunks(source, dialect, window::CHUNK)
    }

    /// As [`Splitter::new`], asking the source for so many bytes at once; the answer does not depend on it.
    pub fn with_chunks(source: R, dialect: Option<Dialect>, chunk: usize) -> Self {
        let window = Window::new(source, chunk);
        let dialect = dialect.unwrap_or_else(|| evidence::guess(window.prefix()));
        let escapes = dialect == Dialect::MySql || dialect == Dialect::Postgres && evidence::old_strings(window.prefix());
        let (delimiter, marks, look_back) = (Vec::new(), Marks::new(dialect, &[]), LOOK_BACK);
        Self { window, dialect, escapes, delimiter, marks, look_back, kept: None, doubts: Vec::new() }
    }

    /// Whose SQL the file is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What was not as it should be, in the order it was met.
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// The next statement; none at the end of the file.
    #[allow(clippy::should_implement_trait, reason = "a statement borrows the part of the file that is in memory")]
    pub fn next(&mut self) -> Option<Statement<'_>> {
        self.kept = None;
        self.between_statements();
        self.window.begin();
        if self.window.peek(0).is_none() {
            if let Some(failure) = self.window.failure.take() {
                self.doubt(self.window.line_here(), format!("the file could not be read to its end: {failure}"));
            }
            return None;
        }
        let line = self.window.line();
        let head = Head::of(self.window.ahead(HEAD), self.dialect);
        let mut scan = self.scan_stepping_down(head, line);
        let mut kind = head.kind;
        let mut rows = 0;
        if kind == Kind::Data {
            if scan.selects {
                kind = Kind::Dml;
            } else {
                rows = scan.rows.max(1);
            }
        }
        if head.copy && scan.complete && from_stdin(self.window.held(scan.end)) {
            kind = Kind::Data;
            let text = self.window.held(scan.end).to_vec();
            (rows, scan.complete) = self.copied_rows();
            self.kept = Some(text);
        }
        let text = match &self.kept {
            Some(kept) => kept,
            None => trimmed(self.window.held(scan.end)),
        };
        Some(Statement { line, kind, text, rows, complete: scan.complete })
    }

    /// Reads to the end of the statement. One that never ends is read again by simpler rules.
    fn scan_stepping_down(&mut self, head: Head, line: u32) -> Scan {
        let mut body = match (head.compound, self.dialect) {
            (false, _) => Body::Plain,
            (true, Dialect::SqlServer) => return self.scan(head, Body::Delimited),
            (true, _) if !self.delimiter.is_empty() => Body::Delimited,
            (true, _) => Body::Nested,
        };
        if self.look_back == 0 {
            body = Body::Plain;
        }
        loop {
            let scan = self.scan(head, body);
            let next = match body {
                _ if scan.complete => return scan,
                Body::Plain if scan.conditional => Body::Bare,
                Body::Plain | Body::Bare => return scan,
                Body::Delimited => Body::Nested,
                Body::Nested => Body::Plain,
            };
            let read = self.window.offset();
            self.doubt(line, format!("{}; it is read to the next semicolon that can end it", body.complaint()));
            self.look_back = self.look_back.saturating_sub(read);
            self.window.back_to(0);
            body = next;
        }
    }

    fn doubt(&mut self, line: u32, message: String) {
        if self.doubts.len() < MOST_DOUBTS {
            self.doubts.push(Doubt { line, message });
        }
    }
}

/// True for `COPY t (a, b) FROM stdin`.
fn from_stdin(text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    let words: Vec<&[u8]> = text.split(|byte| byte.is_ascii_whitespace() || *byte == b')').filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| pair[0] == b"from" && pair[1].starts_with(b"stdin"))
}

fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}
