//! The part of a file that is in memory: it grows at its end and is let go at its front, a statement at a time.

use std::io::{ErrorKind, Read};

/// How many bytes are asked of the source at once.
pub(super) const CHUNK: usize = 256 * 1024;

/// How much of the start of a file decides its dialect and encoding.
const PREFIX: usize = 256 * 1024;

/// A stretch of a file, from the start of the current statement to what has been read so far.
pub(super) struct Window<R> {
    source: R,
    chunk: usize,
    bytes: Vec<u8>,
    /// Where the current statement starts.
    start: usize,
    /// Where reading stands.
    pub(super) at: usize,
    ended: bool,
    /// Set when the source failed; what came before counts.
    pub(super) failure: Option<String>,
    /// The line of `counted`, from 1.
    line: u32,
    counted: usize,
    utf16: Option<Utf16>,
}

impl<R: Read> Window<R> {
    /// Reads the prefix.
    pub(super) fn new(source: R, chunk: usize) -> Self {
        let (chunk, bytes) = (chunk.max(1), Vec::new());
        let mut window = Self { source, chunk, bytes, start: 0, at: 0, ended: false, failure: None, line: 1, counted: 0, utf16: None };
        while window.bytes.len() < PREFIX && window.fill() {}
        window.utf16 = Utf16::of(&window.bytes);
        if let Some(utf16) = &mut window.utf16 {
            let raw = std::mem::take(&mut window.bytes);
            utf16.decode(&raw[2..], &mut window.bytes);
        } else if window.bytes.starts_with(b"\xef\xbb\xbf") {
            (window.at, window.start) = (3, 3);
        }
        window
    }

    /// The first bytes of the file, decoded; how many does not depend on the size of a chunk.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.bytes[..self.bytes.len().min(PREFIX)]
    }

    /// Reads one more chunk; false at the end of the source.
    pub(super) fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        self.let_go();
        let before = self.bytes.len();
        self.bytes.resize(before + self.chunk, 0);
        let got = loop {
            match self.source.read(&mut self.bytes[before..]) {
                Ok(got) => break got,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error.to_string());
                    break 0;
                }
            }
        };
        self.bytes.truncate(before + got);
        self.ended = got == 0;
        if let Some(utf16) = &mut self.utf16 {
            let raw = self.bytes.split_off(before);
            utf16.decode(&raw, &mut self.bytes);
        }
        !self.ended
    }

    /// Frees what lies before the current statement.
    fn let_go(&mut self) {
        if self.start > 0 {
            self.count_lines(self.start);
            self.bytes.drain(..self.start);
            self.at -= self.start;
            self.counted -= self.start;
            self.start = 0;
        }
    }

    /// A new statement starts here; what came before may go.
    pub(super) fn begin(&mut self) {
        self.start = self.at;
    }

    /// Goes back to a place in the current statement.
    pub(super) fn back_to(&mut self, offset: usize) {
        self.at = self.start + offset;
    }

    /// How far reading is into the current statement, in bytes.
    pub(super) fn offset(&self) -> usize {
        self.at - self.start
    }

    /// The bytes of the current statement between its start and an offset.
    pub(super) fn held(&self, end: usize) -> &[u8] {
        &self.bytes[self.start..self.start + end]
    }

    /// The byte so many places on, reading more where it is needed.
    pub(super) fn peek(&mut self, ahead: usize) -> Option<u8> {
        while self.at + ahead >= self.bytes.len() {
            if !self.fill() {
                return None;
            }
        }
        Some(self.bytes[self.at + ahead])
    }

    /// The byte before the place of reading, when it belongs to the same statement.
    pub(super) fn previous(&self) -> Option<u8> {
        (self.at > self.start).then(|| self.bytes[self.at - 1])
    }

    /// True when these bytes come next, letters of either case.
    pub(super) fn comes(&mut self, text: &[u8]) -> bool {
        self.peek(text.len().saturating_sub(1)).is_some() && self.bytes[self.at..self.at + text.len()].eq_ignore_ascii_case(text)
    }

    /// What comes next, so many bytes of it at most.
    pub(super) fn ahead(&mut self, length: usize) -> &[u8] {
        self.peek(length.saturating_sub(1));
        &self.bytes[self.at..self.bytes.len().min(self.at + length)]
    }

    /// Moves to the next byte that is marked in the table; false at the end of the file.
    pub(super) fn seek_marked(&mut self, marked: &[bool; 256]) -> bool {
        loop {
            if let Some(found) = self.bytes[self.at..].iter().position(|byte| marked[usize::from(*byte)]) {
                self.at += found;
                return true;
            }
            self.at = self.bytes.len();
            if !self.fill() {
                return false;
            }
        }
    }

    /// Moves to the next of two bytes. Where neither stands before `limit`, counted from the start of the statement,
    /// it stops there or at the end of the file.
    pub(super) fn seek_either(&mut self, one: u8, other: u8, limit: usize) -> Option<u8> {
        loop {
            let end = self.bytes.len().min(self.start.saturating_add(limit));
            let from = self.at.min(end);
            if let Some(found) = memchr::memchr2(one, other, &self.bytes[from..end]) {
                self.at = from + found;
                return Some(self.bytes[self.at]);
            }
            self.at = end;
            if end < self.bytes.len() || self.offset() >= limit || !self.fill() {
                return None;
            }
        }
    }

    /// Moves to the end of the line, in front of its line feed.
    pub(super) fn seek_line_end(&mut self) {
        self.seek_either(b'\n', b'\n', usize::MAX);
    }

    /// The line of the start of the current statement.
    pub(super) fn line(&mut self) -> u32 {
        self.count_lines(self.start);
        self.line
    }

    /// The line where reading stands.
    pub(super) fn line_here(&self) -> u32 {
        let fresh = self.bytes.get(self.counted..self.at).unwrap_or_default();
        self.line.saturating_add(lines_in(fresh))
    }

    fn count_lines(&mut self, to: usize) {
        if to > self.counted {
            self.line = self.line.saturating_add(lines_in(&self.bytes[self.counted..to]));
            self.counted = to;
        }
    }
}

/// How many line feeds there are.
pub(super) fn lines_in(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

/// Turns UTF-16, which SQL Server's own tools write, into UTF-8.
struct Utf16 {
    big_end_first: bool,
    /// The first byte of a unit whose second has not been read.
    half: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
}

impl Utf16 {
    fn of(bytes: &[u8]) -> Option<Self> {
        let big_end_first = match bytes {
            [0xff, 0xfe, ..] => false,
            [0xfe, 0xff, ..] => true,
            _ => return None,
        };
        Some(Self { big_end_first, half: None, high: None })
    }

    fn decode(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        for byte in raw {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.big_end_first { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            if let (0xd800..=0xdbff, None) = (unit, self.high) {
                self.high = Some(unit);
                continue;
            }
            for decoded in char::decode_utf16(self.high.take().into_iter().chain([unit])) {
                let mut room = [0; 4];
                out.extend_from_slice(decoded.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut room).as_bytes());
            }
        }
    }
}
