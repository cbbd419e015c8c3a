//! A place in the tokens of a statement, and the steps every reader takes from it.

use super::Name;
use super::tokens::Tokens;
use std::ops::Range;

/// A place in the tokens, which ends before `end`.
#[derive(Clone)]
pub(super) struct Cursor<'t, 'a> {
    pub(super) tokens: &'t Tokens<'a>,
    pub(super) at: usize,
    pub(super) end: usize,
    /// The line the statement starts on.
    pub(super) first_line: u32,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(tokens: &'t Tokens<'a>, first_line: u32) -> Self {
        Self { tokens, at: 0, end: tokens.len(), first_line }
    }

    /// A cursor over a part.
    pub(super) fn over(&self, range: Range<usize>) -> Self {
        Self { tokens: self.tokens, at: range.start, end: range.end, first_line: self.first_line }
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.end
    }

    /// The line of the token that comes next.
    pub(super) fn line(&self) -> u32 {
        self.first_line.saturating_add(self.tokens.lines_down(self.at))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_ahead(0, word)
    }

    pub(super) fn is_ahead(&self, ahead: usize, word: &str) -> bool {
        self.at + ahead < self.end && self.tokens.is(self.at + ahead, word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn symbol(&self, symbol: u8) -> bool {
        self.symbol_ahead(0, symbol)
    }

    pub(super) fn symbol_ahead(&self, ahead: usize, symbol: u8) -> bool {
        self.at + ahead < self.end && self.tokens.symbol(self.at + ahead, symbol)
    }

    /// Steps over the words when all of them come next.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let all = words.iter().enumerate().all(|(ahead, word)| self.is_ahead(ahead, word));
        if all {
            self.at += words.len();
        }
        all
    }

    /// Steps over any of the words, as many as come next.
    pub(super) fn eat_all_of(&mut self, words: &[&str]) {
        while self.is_any(words) {
            self.at += 1;
        }
    }

    pub(super) fn eat_symbol(&mut self, symbol: u8) -> bool {
        let there = self.symbol(symbol);
        self.at += usize::from(there);
        there
    }

    /// A name without a schema.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = (!self.done()).then(|| self.tokens.name(self.at)).flatten()?;
        self.at += 1;
        Some(name)
    }

    /// `schema.name`; of `server.database.schema.name` the last two.
    pub(super) fn qualified(&mut self) -> Option<Name> {
        let mut name = self.name()?;
        let mut schema = None;
        while self.symbol(b'.') {
            self.at += 1;
            // `database..table` of SQL Server.
            if self.symbol(b'.') {
                continue;
            }
            let Some(next) = self.name().or_else(|| self.number()) else { break };
            schema = Some(std::mem::replace(&mut name, next));
        }
        Some(Name { schema, name })
    }

    /// Digits after a point may be a name (`db.2020`).
    fn number(&mut self) -> Option<String> {
        let digits = (!self.done() && self.tokens.is_word(self.at)).then(|| self.tokens.raw(self.at).to_owned())?;
        self.at += 1;
        Some(digits)
    }

    /// Names separated by commas.
    pub(super) fn qualified_list(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(name) = self.qualified() {
            names.push(name);
            if !self.eat_symbol(b',') {
                break;
            }
        }
        names
    }

    pub(super) fn literal(&mut self) -> Option<String> {
        let text = (!self.done()).then(|| self.tokens.literal(self.at)).flatten()?;
        self.at += 1;
        Some(text)
    }

    /// What stands between a parenthesis that comes next and its partner, which is stepped over. One that never
    /// closes reaches to the end; the flag says so.
    pub(super) fn group(&mut self) -> Option<(Range<usize>, bool)> {
        if !self.eat_symbol(b'(') {
            return None;
        }
        let from = self.at;
        let mut depth = 1_usize;
        while !self.done() {
            if self.symbol(b'(') {
                depth += 1;
            } else if self.symbol(b')') {
                depth -= 1;
            }
            self.at += 1;
            if depth == 0 {
                return Some((from..self.at - 1, true));
            }
        }
        Some((from..self.end, false))
    }

    /// Steps over one token, or over a whole group.
    pub(super) fn skip(&mut self) {
        if self.group().is_none() {
            self.at += 1;
        }
    }

    /// The parts between commas outside parentheses; empty ones are left out.
    pub(super) fn items(&self) -> Vec<Range<usize>> {
        let mut rest = self.clone();
        let mut items = Vec::new();
        let mut from = rest.at;
        while !rest.done() {
            if rest.symbol(b',') {
                items.push(from..rest.at);
                rest.at += 1;
                from = rest.at;
            } else {
                rest.skip();
            }
        }
        items.push(from..rest.end.max(from));
        items.retain(|item| !item.is_empty());
        items
    }

    /// The columns of a key: `(a, b(10) DESC, lower(c))`.
    pub(super) fn key_columns(&mut self) -> Option<Vec<String>> {
        let (range, _) = self.group()?;
        let columns = self.over(range).items().into_iter().map(|item| {
            let mut part = self.over(item.clone());
            let expression = || format!("({})", part.tokens.between(item.start, item.end));
            let name = part.tokens.name(part.at);
            part.at += 1;
            match (name, part.clone().group()) {
                (None, _) => expression(),
                (Some(name), None) => {
                    if part.is_expression() {
                        expression()
                    } else {
                        name
                    }
                }
                // `name(10)` is the beginning of a column, `lower(name)` is not.
                (Some(name), Some((inner, _))) => {
                    let number = inner.len() == 1 && part.tokens.raw(inner.start).bytes().all(|byte| byte.is_ascii_digit());
                    if number { name } else { expression() }
                }
            }
        });
        Some(columns.collect())
    }

    /// True when an operator follows, so that what stands here is no bare column.
    fn is_expression(&self) -> bool {
        [b'+', b'-', b'|', b':', b'/', b'%', b'>', b'.'].into_iter().any(|symbol| self.symbol(symbol))
    }

    /// What is written from here to the end.
    pub(super) fn rest(&self) -> super::Text {
        super::Text { text: self.tokens.exactly(self.at, self.end).to_owned(), line: self.line() }
    }
}
