//! Queries: WITH, SELECT, VALUES, TABLE, set operations, and how a statement is cut into its clauses.

use super::expression::Context;
use super::reader::{Reader, Task};
use super::{Dialect, Operation};
use crate::sql::words::Kind;
use std::ops::Range;

/// The parts of statements that begin with a key word of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Clause {
    /// What stands before the first of them.
    Head,
    Into,
    From,
    Where,
    Group,
    Having,
    Window,
    Order,
    Limit,
    /// FOR UPDATE, LOCK IN SHARE MODE, OPTION (...): nothing in it touches a table.
    Tail,
    SetOperation,
    Set,
    Using,
    Values,
    Returning,
    /// ON DUPLICATE KEY, ON CONFLICT.
    Upsert,
    /// A query behind INSERT INTO t or CREATE TABLE t.
    Query,
}

use Clause::{
    From, Group, Having, Head, Into, Limit, Order, Query, Returning, Set, SetOperation, Tail, Upsert, Using, Values, Where, Window,
};

/// The clauses of SELECT.
const OF_SELECT: [Clause; 9] = [Into, From, Where, Group, Having, Window, Order, Limit, Tail];

impl Reader<'_> {
    /// The clause that begins at a word.
    fn clause_at(&self, at: usize) -> Option<Clause> {
        let word = self.words[at];
        if word.kind != Kind::Name || at > 0 && (self.words[at - 1].sign(".") || self.words[at - 1].is("AS") && !self.is(at, "SELECT")) {
            return None;
        }
        let upper = word.text.as_bytes().first().map_or(b' ', u8::to_ascii_uppercase);
        // The first letter settles it for nearly every word of a long statement.
        match upper {
            b'I' if word.is("INTO") => Some(Into),
            b'I' if word.is("INTERSECT") => Some(SetOperation),
            b'F' if word.is("FROM") => (!self.after(at, &["DISTINCT", "SYSTEM_TIME"])).then_some(From),
            b'F' if word.is("FOR") => {
                self.is_any(at + 1, &["UPDATE", "SHARE", "NO", "KEY", "XML", "JSON", "BROWSE", "READ"]).then_some(Tail)
            }
            b'F' if word.is("FETCH") => (self.ends_operand(at) && self.is_any(at + 1, &["FIRST", "NEXT"])).then_some(Limit),
            b'W' if word.is("WHERE") => Some(Where),
            b'W' if word.is("WINDOW") => (self.ends_operand(at) && self.is(at + 2, "AS")).then_some(Window),
            b'G' if word.is("GROUP") => (self.is(at + 1, "BY") && !self.after(at, &["FOR"])).then_some(Group),
            b'H' if word.is("HAVING") => Some(Having),
            b'Q' if word.is("QUALIFY") => self.ends_operand(at).then_some(Having),
            b'O' if word.is("ORDER") => (self.is_any(at + 1, &["BY", "SIBLINGS"]) && !self.after(at, &["FOR"])).then_some(Order),
            b'O' if word.is("OFFSET") => self.ends_operand(at).then_some(Limit),
            b'O' if word.is("OPTION") => self.sign(at + 1, "(").then_some(Tail),
            b'O' if word.is("OUTPUT") => self.ends_operand(at).then_some(Returning),
            b'O' if word.is("ON") => self.is_any(at + 1, &["DUPLICATE", "CONFLICT"]).then_some(Upsert),
            b'L' if word.is("LIMIT") => self.ends_operand(at).then_some(Limit),
            b'L' if word.is("LOCK") => self.is(at + 1, "IN").then_some(Tail),
            b'P' if word.is("PROCEDURE") => self.is(at + 1, "ANALYSE").then_some(Tail),
            b'C' if word.is("CONNECT") => self.is(at + 1, "BY").then_some(Where),
            b'S' if word.is("START") => self.is(at + 1, "WITH").then_some(Where),
            b'S' if word.is("SET") => Some(Set),
            b'S' if word.is("SELECT") => Some(Query),
            b'T' if word.is("TABLE") => Some(Query),
            b'E' if word.is_any(&["EXEC", "EXECUTE"]) => Some(Query),
            b'E' if word.is("EXCEPT") => Some(SetOperation),
            b'U' if word.is("USING") => Some(Using),
            b'U' if word.is("UNION") => Some(SetOperation),
            b'M' if word.is("MINUS") => self.is_any(at + 1, &["SELECT", "ALL"]).then_some(SetOperation),
            b'R' if word.is("RETURNING") => self.ends_operand(at).then_some(Returning),
            b'V' if word.is_any(&["VALUES", "VALUE"]) => Some(Values),
            _ => None,
        }
    }

    /// True when what stands before a word can be the end of an operand, so that the word is no operand itself.
    fn ends_operand(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| self.words[before]) else { return false };
        let open = before.kind == Kind::Symbol && !(before.sign(")") || before.sign("]") || before.sign("*") || before.sign("}"));
        !(open || before.is_any(&["SELECT", "BY", "WHERE", "AND", "OR", "DISTINCT"]))
    }

    /// Cuts a range into its clauses, looking for the wanted ones outside parentheses; the first is the head.
    pub(super) fn clauses(&self, range: Range<usize>, wanted: &[Clause]) -> Vec<(Clause, Range<usize>)> {
        let mut found = vec![(Head, range.start..range.end)];
        let mut at = range.start;
        while at < range.end {
            if let Some(clause) = self.clause_at(at).filter(|clause| wanted.contains(clause)) {
                found.last_mut().expect("the head is there").1.end = at;
                found.push((clause, at + 1..range.end));
            }
            at = self.next(at);
        }
        let last = found.last_mut().expect("the head is there");
        last.1.end = last.1.end.max(last.1.start).min(range.end.max(last.1.start));
        found
    }

    /// A query: CTEs, then blocks between UNION, EXCEPT and INTERSECT. `written` marks the body of an updated CTE.
    pub(super) fn query(&mut self, range: Range<usize>, scope: usize, written: bool) {
        let parts = self.clauses(range, &[SetOperation]);
        for (number, (_, part)) in parts.into_iter().enumerate() {
            let start = self.skip(part.start, &["ALL", "DISTINCT", "CORRESPONDING"]).min(part.end);
            let part = start..part.end;
            let block = self.scope(Some(scope), usize::MAX);
            self.scopes[block].exists = self.scopes[scope].exists;
            self.scopes[block].compared = if number == 0 { self.scopes[scope].compared } else { None };
            if self.sign(start, "(") && start < part.end {
                let inner = start + 1..self.close[start].min(part.end);
                let (exists, compared) = (self.scopes[block].exists, self.scopes[block].compared);
                let body_of = None;
                self.tasks.push(Task { range: inner, scope, sees: usize::MAX, exists, compared, body_of, written });
                self.sub_queries(self.next(start).min(part.end)..part.end, scope);
            } else {
                self.block(part, block, written);
            }
        }
    }

    /// One SELECT, VALUES or TABLE.
    fn block(&mut self, range: Range<usize>, scope: usize, written: bool) {
        let Some(first) = self.words.get(range.start).filter(|_| !range.is_empty()) else { return };
        if first.is("TABLE") {
            self.table(range.start + 1, range.end, scope, Operation::Read);
            return;
        }
        let selects = first.is("SELECT");
        let start = if selects { self.list_start(range.start + 1, range.end, scope) } else { range.start };
        for (clause, part) in self.clauses(start..range.end, &OF_SELECT) {
            match clause {
                Head if selects => self.expression(part, scope, Context::List),
                Into => self.select_into(part, scope),
                From => {
                    let before = self.mentions.len();
                    self.tables(part, scope, Operation::Read);
                    if written && before < self.mentions.len() {
                        self.mentions[before].found.operation = Operation::Write;
                    }
                }
                Where => self.expression(part, scope, Context::Condition),
                Having => self.expression(part, scope, Context::Condition),
                Group => {
                    self.out.groups = true;
                    self.expression(part, scope, Context::Value);
                }
                Window | Order => self.expression(part, scope, Context::Value),
                Head => self.head_of_piece(part, scope),
                _ => self.sub_queries(part, scope),
            }
        }
    }

    /// Where the select list begins: behind DISTINCT, DISTINCT ON (..) and TOP (..).
    fn list_start(&mut self, start: usize, end: usize, scope: usize) -> usize {
        let mut at = self.skip(start, &["ALL", "DISTINCT", "DISTINCTROW"]);
        if self.is(at, "ON") && self.sign(at + 1, "(") {
            let close = self.next(at + 1).min(end);
            self.expression(at + 1..close, scope, Context::Value);
            at = close;
        } else if self.is(at, "TOP") && at + 1 < end && !self.sign(at + 1, ",") {
            at = self.skip(self.next(at + 1), &["PERCENT"]);
            at += if self.is(at, "WITH") && self.is(at + 1, "TIES") { 2 } else { 0 };
        }
        at.min(end)
    }

    /// What stands before FROM in a text that begins with neither SELECT nor any other verb: VALUES, or half a clause.
    fn head_of_piece(&mut self, range: Range<usize>, scope: usize) {
        let joins = ["JOIN", "LEFT", "INNER", "RIGHT", "CROSS", "NATURAL", "FULL", "STRAIGHT_JOIN", "OUTER"];
        if self.is_any(range.start, &joins) && self.find(range.clone(), &["JOIN", "STRAIGHT_JOIN"]).is_some() {
            let start = self.find(range.clone(), &["JOIN", "STRAIGHT_JOIN"]).map_or(range.start, |at| at + 1);
            self.tables(start..range.end, scope, Operation::Read);
        } else {
            self.sub_queries(range, scope);
        }
    }

    /// INTO of a SELECT: a new table, unless it fills variables or a file.
    fn select_into(&mut self, range: Range<usize>, scope: usize) {
        let creates = match self.dialect {
            Dialect::SqlServer => true,
            Dialect::Postgres | Dialect::Unknown => !self.in_routine,
            Dialect::MySql | Dialect::Sqlite => false,
        };
        let at = self.skip(range.start, &["TEMP", "TEMPORARY", "UNLOGGED", "LOCAL", "GLOBAL", "TABLE"]);
        let fills = self.is_any(at, &["OUTFILE", "DUMPFILE", "STRICT"]);
        let named = at < range.end && matches!(self.words[at].kind, Kind::Name | Kind::Quoted | Kind::Double | Kind::Hole);
        let several = (at..range.end).any(|at| self.words[at].sign(","));
        if creates && named && !fills && !several {
            let (parts, _) = self.path(at, range.end);
            self.mention(at, &parts, scope, Operation::Write);
        }
    }

    /// Reads the CTEs of WITH and returns where the statement behind them begins.
    pub(super) fn with(&mut self, range: Range<usize>, scope: usize) -> usize {
        let recursive = self.is(range.start + 1, "RECURSIVE");
        let mut at = range.start + 1 + usize::from(recursive);
        while at < range.end {
            let name = self.words[at].content();
            let mut open = at + 1;
            if self.sign(open, "(") && self.is(self.close[open] + 1, "AS") {
                open = self.close[open] + 1;
            }
            open = self.skip(open, &["AS", "NOT", "MATERIALIZED"]);
            if open >= range.end || !self.words[open].sign("(") {
                return open.min(range.end);
            }
            let body = open + 1..self.close[open].min(range.end);
            let before = self.cte_count(scope);
            self.add_cte(scope, &name);
            let guessed = matches!(self.dialect, Dialect::SqlServer | Dialect::Unknown) && self.find(body.clone(), &["UNION"]).is_some();
            let sees = if recursive { usize::MAX } else { before + usize::from(guessed) };
            self.tasks.push(Task { range: body, scope, sees, exists: false, compared: None, body_of: Some(name), written: false });
            at = self.next(open);
            // SEARCH and CYCLE of PostgreSQL stand between a CTE and the next.
            while at < range.end && self.is_any(range.start.max(at), &["SEARCH", "CYCLE"]) {
                at = self.end_of_search(at, range.end);
            }
            if !self.sign(at, ",") {
                return at.min(range.end);
            }
            at += 1;
        }
        range.end
    }

    fn end_of_search(&self, at: usize, end: usize) -> usize {
        let set = self.find(at..end, &["SET"]).map_or(end, |set| set + 2);
        match self.words.get(set) {
            Some(word) if word.is("USING") => set + 2,
            Some(word) if word.is("TO") => {
                let using = self.find(set..end, &["USING"]).map_or(end, |using| using + 2);
                using.min(end)
            }
            _ => set.min(end),
        }
    }

    /// Puts every query in parentheses on the list and reads nothing else.
    pub(super) fn sub_queries(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        while at < range.end {
            if self.words[at].sign("(") && self.query[at] {
                self.later(at, scope, self.after(at, &["EXISTS"]), None);
                at = self.next(at);
            } else {
                at += 1;
            }
        }
    }
}
