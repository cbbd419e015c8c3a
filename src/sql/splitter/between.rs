//! What stands between statements: blanks, comments, commands of the clients, and rows after COPY.

use super::scan::Marks;
use super::{MOST_DOUBTS, Splitter};
use crate::sql::dialect::Dialect;
use std::io::Read;

impl<R: Read> Splitter<R> {
    /// Passes over everything up to the first byte of a statement.
    pub(super) fn between_statements(&mut self) {
        loop {
            self.window.begin();
            let Some(byte) = self.window.peek(0) else { return };
            if byte.is_ascii_whitespace() || byte == b';' || byte == 0 {
                self.window.at += 1;
            } else if self.at_delimiter() {
                self.window.at += self.delimiter.len();
            } else if self.at_line_comment() {
                self.window.seek_line_end();
            } else if self.at_block_comment() {
                self.block_comment();
            } else if byte == b'\\' || self.at_line_word(b"GO") || byte == b'.' && self.dialect == Dialect::Sqlite {
                // A command of psql or of sqlite3, or the end of a batch; none of them is SQL.
                self.window.seek_line_end();
            } else if self.at_line_word(b"DELIMITER") {
                self.new_delimiter();
            } else {
                return;
            }
        }
    }

    /// `GO` and `DELIMITER` are words of clients, not of servers, and each dialect has one of them.
    pub(super) fn at_line_word(&mut self, word: &[u8]) -> bool {
        let spoken = match word {
            b"GO" => matches!(self.dialect, Dialect::SqlServer | Dialect::Unknown),
            _ => matches!(self.dialect, Dialect::MySql | Dialect::Unknown),
        };
        if !spoken || !self.window.comes(word) {
            return false;
        }
        if word != b"GO" {
            return self.window.peek(word.len()).is_some_and(|byte| byte == b' ' || byte == b'\t');
        }
        // Alone on its line, or with a count.
        let mut ahead = word.len();
        loop {
            match self.window.peek(ahead) {
                None | Some(b'\n') => return true,
                Some(b' ' | b'\t' | b'\r' | b';' | b'0'..=b'9') if ahead < 40 => ahead += 1,
                Some(_) => return false,
            }
        }
    }

    fn new_delimiter(&mut self) {
        self.window.at += b"DELIMITER".len();
        let from = self.window.offset();
        self.window.seek_line_end();
        let line = self.window.held(self.window.offset())[from..].trim_ascii();
        let word = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        self.delimiter = if word == b";" { Vec::new() } else { word[..word.len().min(32)].to_vec() };
        self.marks = Marks::new(self.dialect, &self.delimiter);
    }

    /// True at the delimiter that a DELIMITER line announced.
    pub(super) fn at_delimiter(&mut self) -> bool {
        !self.delimiter.is_empty() && self.window.peek(0) == self.delimiter.first().copied() && self.window.comes(&self.delimiter)
    }

    /// `--` and `#`. MySQL wants a blank behind `--`, but rulers of dashes are common; only `5--3` is arithmetic.
    pub(super) fn at_line_comment(&mut self) -> bool {
        match self.window.peek(0) {
            Some(b'#') => {
                // `#>` is an operator of PostgreSQL, `#t` a temporary table of SQL Server.
                matches!(self.dialect, Dialect::MySql)
                    || self.dialect == Dialect::Unknown && self.window.previous().is_none_or(|byte| byte == b'\n')
            }
            Some(b'-') if self.window.peek(1) == Some(b'-') => {
                let lenient = self.dialect != Dialect::MySql || self.window.previous().is_none_or(|byte| byte == b'\n');
                lenient || self.window.peek(2).is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control() || byte == b'-')
            }
            _ => false,
        }
    }

    /// True at `/*`, unless it is a conditional comment, whose content servers run.
    pub(super) fn at_block_comment(&mut self) -> bool {
        self.window.comes(b"/*") && !self.at_conditional()
    }

    /// True at `/*!` and `/*M!`; `/*M!999999\-` only speaks to MariaDB's own client.
    pub(super) fn at_conditional(&mut self) -> bool {
        if !matches!(self.dialect, Dialect::MySql | Dialect::Unknown) {
            return false;
        }
        (self.window.comes(b"/*!") || self.window.comes(b"/*M!")) && !self.window.comes(b"/*M!999999\\-")
    }

    /// Passes over a block comment; in PostgreSQL and SQL Server they nest. One that never closes ends with its line.
    pub(super) fn block_comment(&mut self) {
        let from = self.window.offset();
        let nests = matches!(self.dialect, Dialect::Postgres | Dialect::SqlServer);
        let mut depth = 0_u32;
        let limit = self.reach(from);
        loop {
            if self.window.comes(b"*/") {
                self.window.at += 2;
                depth = depth.saturating_sub(1);
            } else if self.window.comes(b"/*") {
                self.window.at += 2;
                depth = if nests { depth + 1 } else { 1 };
            } else if self.window.peek(0).is_some() {
                self.window.at += 1;
            }
            if depth == 0 {
                return;
            }
            if self.window.seek_either(b'*', b'/', limit).is_none() {
                return self.close_by_force(from, "a comment");
            }
        }
    }

    /// Ends what was opened at an offset with its line, because it never closes.
    pub(super) fn close_by_force(&mut self, from: usize, what: &str) {
        self.look_back = self.look_back.saturating_sub(self.window.offset() - from);
        self.window.back_to(from);
        if self.doubts.len() < MOST_DOUBTS {
            let line = self.window.line_here();
            self.doubt(line, format!("{what} that opens here is never closed; it is taken to end with its line"));
        }
        self.window.seek_line_end();
    }

    /// Counts the rows behind `COPY .. FROM stdin;` up to `\.`; says whether it was there.
    pub(super) fn copied_rows(&mut self) -> (u64, bool) {
        let mut rows = 0;
        self.window.seek_line_end();
        loop {
            self.window.begin();
            if self.window.peek(0).is_none() {
                self.doubt(self.window.line_here(), "the rows of COPY end with the file, without `\\.`".to_owned());
                return (rows, false);
            }
            self.window.at += 1;
            if self.window.comes(b"\\.") && self.window.peek(2).is_none_or(|byte| byte == b'\n' || byte == b'\r') {
                self.window.seek_line_end();
                return (rows, true);
            }
            // The banner pg_dump writes above each object: the dump lost the end of these rows.
            if self.window.comes(b"-- Name: ") {
                self.doubt(self.window.line_here(), "the rows of COPY stop without `\\.`; reading goes on behind them".to_owned());
                return (rows, false);
            }
            rows += u64::from(self.window.peek(0).is_some());
            self.window.seek_line_end();
        }
    }
}
