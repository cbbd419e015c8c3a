//! What the parts of the reader share: the words, the scopes, and the list of what is still to be read.
//!
//! Sub-queries are not read where they stand but put on a list, so nothing recurses with the nesting of the text.

use super::key_words::{self, STATEMENTS};
use super::resolve::{Column, Join, Mention, Scope};
use super::{Dialect, Statement, Verb};
use crate::sql::words::{Kind, Word};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// Literals may hold SQL that holds literals; deeper than this nobody writes.
const DEEPEST_LITERAL: usize = 3;

/// A part of the text that is still to be read.
pub(super) struct Task {
    pub(super) range: Range<usize>,
    /// The scope around it.
    pub(super) scope: usize,
    /// How many of the CTEs of that scope it sees.
    pub(super) sees: usize,
    /// It stands in EXISTS.
    pub(super) exists: bool,
    /// The column that is compared with its result by IN.
    pub(super) compared: Option<usize>,
    /// The CTE it is the body of.
    pub(super) body_of: Option<String>,
    /// Its first table is written through it (a CTE that is updated).
    pub(super) written: bool,
}

/// The reader of one text.
pub(super) struct Reader<'a> {
    pub(super) words: Vec<Word<'a>>,
    /// For `(` where its `)` stands, or the end of the text.
    pub(super) close: Vec<usize>,
    /// For `(` whether a query stands in it.
    pub(super) query: Vec<bool>,
    pub(super) dialect: Dialect,
    pub(super) scopes: Vec<Scope>,
    /// Position of a name among the CTEs of a scope.
    pub(super) ctes: FxHashMap<(usize, String), usize>,
    /// Position of a name among the targets of a scope.
    pub(super) named: FxHashMap<(usize, String), usize>,
    pub(super) mentions: Vec<Mention>,
    pub(super) columns: Vec<Column>,
    pub(super) joins: Vec<Join>,
    pub(super) tasks: Vec<Task>,
    /// Parameters and variables of a routine, in lower case.
    pub(super) variables: FxHashSet<String>,
    pub(super) in_routine: bool,
    pub(super) in_trigger: bool,
    /// A literal was prepared, so a later EXECUTE runs known text.
    pub(super) prepared: bool,
    /// An EXPLAIN is being read.
    pub(super) explaining: bool,
    /// There is no `;` in all of the text.
    pub(super) unseparated: bool,
    pub(super) out: Statement,
    /// What was read out of literals.
    pub(super) inner: Vec<Statement>,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(words: Vec<Word<'a>>, dialect: Dialect) -> Self {
        let (close, query) = parentheses(&words);
        let unseparated = !words.iter().any(|word| word.sign(";"));
        Self {
            words,
            close,
            query,
            dialect,
            scopes: Vec::new(),
            ctes: FxHashMap::default(),
            named: FxHashMap::default(),
            mentions: Vec::new(),
            columns: Vec::new(),
            joins: Vec::new(),
            tasks: Vec::new(),
            variables: FxHashSet::default(),
            in_routine: false,
            in_trigger: false,
            prepared: false,
            explaining: false,
            unseparated,
            out: Statement::default(),
            inner: Vec::new(),
            depth: 0,
        }
    }

    /// Reads all of the text.
    pub(super) fn read(mut self) -> Statement {
        let mut verb = None;
        let mut at = 0;
        while at < self.words.len() {
            let mut end = self.end_of_statement(at);
            if end > at {
                if self.is_routine(at, end) {
                    end = self.words.len();
                }
                let found = self.top(at..end);
                verb = verb.or(Some(found));
            }
            at = end + 1;
        }
        self.out.verb = verb.unwrap_or_default();
        self.finish()
    }

    fn end_of_statement(&self, start: usize) -> usize {
        let mut at = start;
        while at < self.words.len() && !self.words[at].sign(";") {
            at = self.next(at);
        }
        at.min(self.words.len())
    }

    fn top(&mut self, range: Range<usize>) -> Verb {
        let scope = self.scope(None, 0);
        let verb = key_words::verb(&self.words[self.first_word(range.clone())]);
        let routine = self.is_routine(range.start, range.end);
        let is_block = self.words[range.start].is_any(&["IF", "WHILE", "DECLARE", "RETURN", "PERFORM", "END", "ELSE"])
            || self.words[range.start].is("BEGIN") && range.len() > 2;
        if is_block || !routine && self.dialect == Dialect::SqlServer && STATEMENTS.iter().any(|name| self.words[range.start].is(name)) {
            self.body(range, scope);
        } else {
            self.statement(range, scope, false);
        }
        while let Some(task) = self.tasks.pop() {
            self.task(task);
        }
        verb
    }

    /// The word that names the verb: behind parentheses, and behind the CTEs of WITH.
    fn first_word(&self, range: Range<usize>) -> usize {
        let mut at = range.start;
        while at + 1 < range.end && self.words[at].sign("(") {
            at += 1;
        }
        if self.words[at].is("WITH") {
            let mut after = at + 1;
            while after < range.end {
                if self.words[after].is_any(&["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TABLE", "VALUES"]) {
                    return after;
                }
                after = self.next(after);
            }
        }
        at
    }

    pub(super) fn task(&mut self, task: Task) {
        let scope = self.scope(Some(task.scope), task.sees);
        self.scopes[scope].exists = task.exists;
        self.scopes[scope].compared = task.compared;
        self.statement(task.range, scope, task.written);
    }

    /// Puts a sub-query on the list.
    pub(super) fn later(&mut self, open: usize, scope: usize, exists: bool, compared: Option<usize>) {
        let range = open + 1..self.close[open];
        let task = Task { range, scope, sees: usize::MAX, exists, compared, body_of: None, written: false };
        self.tasks.push(task);
    }

    /// The word after this one, with everything in parentheses being one word.
    pub(super) fn next(&self, at: usize) -> usize {
        if self.words[at].sign("(") { self.close[at] + 1 } else { at + 1 }
    }

    /// True when the word at a place is this key word.
    pub(super) fn is(&self, at: usize, key_word: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.is(key_word))
    }

    /// True when the word at a place is one of these key words.
    pub(super) fn is_any(&self, at: usize, key_words: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| word.is_any(key_words))
    }

    /// True when the word at a place is this sign.
    pub(super) fn sign(&self, at: usize, sign: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.sign(sign))
    }

    /// True when the word before a place is one of these key words.
    pub(super) fn after(&self, at: usize, key_words: &[&str]) -> bool {
        at > 0 && self.is_any(at - 1, key_words)
    }

    /// Steps over words as long as they are one of these.
    pub(super) fn skip(&self, mut at: usize, key_words: &[&str]) -> usize {
        while self.is_any(at, key_words) {
            at += 1;
        }
        at
    }

    /// The first place in a range, outside parentheses, where a key word stands.
    pub(super) fn find(&self, range: Range<usize>, key_words: &[&str]) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            if self.words[at].is_any(key_words) && !(at > 0 && self.words[at - 1].sign(".")) {
                return Some(at);
            }
            at = self.next(at);
        }
        None
    }

    /// Reads the SQL in a literal as a part of this text.
    pub(super) fn literal(&mut self, at: usize, as_routine: bool) {
        if self.depth >= DEEPEST_LITERAL {
            self.out.dynamic = true;
            return;
        }
        let text = self.words[at].content();
        let mut reader = Reader::new(crate::sql::words::words(&text, self.dialect), self.dialect);
        reader.depth = self.depth + 1;
        reader.in_trigger = self.in_trigger;
        if as_routine {
            reader.in_routine = true;
            reader.variables = self.variables.clone();
            let end = reader.words.len();
            let scope = reader.scope(None, 0);
            reader.body(0..end, scope);
            while let Some(task) = reader.tasks.pop() {
                reader.task(task);
            }
            self.inner.push(reader.finish());
        } else {
            self.inner.push(reader.read());
        }
    }

    /// True for a string, also one in `$tag$`.
    pub(super) fn is_literal(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| match word.kind {
            Kind::Text | Kind::Dollar => true,
            Kind::Double => matches!(self.dialect, Dialect::MySql | Dialect::Unknown),
            _ => false,
        })
    }
}

/// For each `(` its `)`, and whether a query stands between them; one pass each way.
fn parentheses(words: &[Word<'_>]) -> (Vec<usize>, Vec<bool>) {
    let mut close = vec![words.len(); words.len()];
    let mut open = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.sign("(") {
            open.push(at);
        } else if let Some(start) = open.pop_if(|_| word.sign(")")) {
            close[start] = at;
        }
    }
    let mut query = vec![false; words.len()];
    for at in (0..words.len()).rev() {
        if !words[at].sign("(") {
            continue;
        }
        let Some(next) = words.get(at + 1) else { continue };
        query[at] = if next.sign("(") {
            // `((SELECT 1) UNION ..)` is a query, `((SELECT 1) AS a JOIN b)` is a join and `((SELECT 1) + 1)` a value.
            let after = close[at + 1] + 1;
            query[at + 1] && (after >= close[at] || words[after].is_any(&["UNION", "EXCEPT", "INTERSECT", "MINUS", "ORDER", "LIMIT"]))
        } else {
            let begins = next.is_any(&["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "VALUES"]);
            // In MySQL's VALUES(column) and in function calls a name follows, never another key word.
            let called = words.get(at + 2).is_none_or(|word| word.sign(")") || word.sign(","));
            let function = next.is_any(&["TABLE", "INSERT"]) && words.get(at + 2).is_some_and(|word| word.sign("("));
            let modifier = next.is("UPDATE") && at > 0 && words[at - 1].is("FOR");
            !(!begins || called || function || modifier)
        };
    }
    (close, query)
}
