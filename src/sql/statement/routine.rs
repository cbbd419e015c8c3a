//! Bodies of procedures, functions, triggers and events: the statements in them are found and read one by one.

use super::key_words::{STATEMENTS, is_operator};
use super::reader::Reader;
use super::{Dialect, Operation};
use crate::sql::words::Kind;
use std::ops::Range;

impl Reader<'_> {
    /// PROCEDURE, FUNCTION, TRIGGER or EVENT with its header; the range begins at that word.
    pub(super) fn routine(&mut self, range: Range<usize>, scope: usize) {
        self.in_routine = true;
        let mut start = range.start + 1;
        if self.is(range.start, "TRIGGER") {
            start = self.trigger_header(range.clone(), scope);
        } else if self.is(range.start, "EVENT") {
            start = self.find(range.clone(), &["DO"]).map_or(range.end, |at| at + 1);
        } else {
            let (_, after) = self.path(self.skip(start, &["IF", "NOT", "EXISTS"]), range.end);
            start = after.max(start);
            if self.sign(start, "(") {
                self.parameters(start + 1..self.close[start].min(range.end));
                start = self.next(start);
            }
        }
        let body = (start..range.end).find(|at| self.words[*at].kind == Kind::Dollar || self.is_literal(*at) && self.after(*at, &["AS"]));
        match body {
            Some(body) if !self.is_any(start, &["BEGIN"]) => self.literal(body, true),
            _ => self.body(start.min(range.end)..range.end, scope),
        }
    }

    /// `BEFORE INSERT OR UPDATE OF a ON t REFERENCING NEW TABLE AS n FOR EACH ROW WHEN (..)`; returns where the body is.
    fn trigger_header(&mut self, range: Range<usize>, scope: usize) -> usize {
        self.in_trigger = true;
        let Some(on) = self.find(range.start + 1..range.end, &["ON"]) else { return range.end };
        let (parts, mut at) = self.path(on + 1, range.end);
        self.mention(on + 1, &parts, scope, Operation::Ddl);
        // SQL Server names the events behind the table: AFTER INSERT, UPDATE AS ...
        let named_behind = self.is_any(at, &["AFTER", "INSTEAD", "FOR"]) && !self.is(at + 1, "EACH");
        if named_behind {
            at = self.find(at..range.end, &["AS"]).map_or(range.end, |at| at + 1);
        }
        while at < range.end {
            if self.is(at, "REFERENCING") {
                at += 1;
            } else if self.is_any(at, &["OLD", "NEW"]) && self.is(at + 1, "TABLE") {
                let name = self.skip(at + 2, &["AS"]);
                if let Some(word) = self.words.get(name) {
                    let name = word.content();
                    self.add_cte(scope, &name);
                }
                at = name + 1;
            } else if self.is(at, "EXECUTE") && self.is_any(at + 1, &["FUNCTION", "PROCEDURE"]) {
                let (parts, _) = self.path(at + 2, range.end);
                self.out.calls.push(parts.join("."));
                return range.end;
            } else if self
                .is_any(at, &["FOR", "EACH", "ROW", "STATEMENT", "FROM", "FOLLOWS", "PRECEDES", "DEFERRABLE", "INITIALLY", "DEFERRED"])
            {
                at += if self.is_any(at, &["FROM", "FOLLOWS", "PRECEDES"]) { 2 } else { 1 };
            } else if self.is(at, "WHEN") && self.sign(at + 1, "(") {
                self.sub_queries(at..self.next(at + 1).min(range.end), scope);
                at = self.next(at + 1);
            } else {
                return at;
            }
        }
        range.end
    }

    /// The names in `(IN a INT, OUT b TEXT)`.
    fn parameters(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let name = self.skip(at, &["IN", "OUT", "INOUT", "VARIADIC"]);
            if let Some(word) = self.words.get(name).filter(|word| word.kind == Kind::Name) {
                self.variables.insert(word.text.to_lowercase());
            }
            at = name + 1;
            while at < range.end && !self.words[at - 1].sign(",") {
                at = self.next(at);
            }
        }
    }

    /// Statements with whatever stands between them: BEGIN, IF .. THEN, LOOP, DECLARE.
    pub(super) fn body(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        while at < range.end {
            if self.is(at, "DECLARE") {
                at = self.declaration(at + 1, range.end);
            } else if self.holds_statements(at, range.end) {
                // A routine in a routine: its statements are found by going on, without nesting calls.
                at += 1;
            } else if self.starts_statement(at) {
                let end = self.end_of_inner(at, range.end);
                let inner = self.scope(Some(scope), usize::MAX);
                if self.is(at, "PERFORM") {
                    self.perform(at + 1..end, inner);
                } else {
                    self.statement(at..end, inner, false);
                }
                at = end.max(at + 1);
            } else if self.sign(at, "(") && self.query[at] {
                self.later(at, scope, self.after(at, &["EXISTS"]), None);
                at = self.next(at);
            } else {
                at += 1;
            }
        }
    }

    /// The names behind DECLARE, up to the type; a cursor's query is found as a statement.
    fn declaration(&mut self, start: usize, end: usize) -> usize {
        let mut at = start;
        while at < end && matches!(self.words[at].kind, Kind::Name | Kind::Quoted) && !self.is_any(at, &["CONTINUE", "EXIT", "HANDLER"]) {
            let name = self.words[at].content().to_lowercase();
            self.variables.insert(name);
            if !self.sign(at + 1, ",") {
                return at + 1;
            }
            at += 2;
        }
        at
    }

    fn starts_statement(&self, at: usize) -> bool {
        let word = &self.words[at];
        if !STATEMENTS.iter().any(|name| word.is(name)) || at > 0 && self.words[at - 1].sign(".") || self.sign(at + 1, ".") {
            return false;
        }
        let called = self.sign(at + 1, "(") && word.is_any(&["INSERT", "REPLACE", "TRUNCATE", "UPDATE", "DELETE"]);
        let option = word.is_any(&["EXECUTE", "EXEC"]) && self.is(at + 1, "AS")
            || word.is("WITH") && !(self.is(at + 2, "AS") || self.sign(at + 2, "(") || self.is(at + 1, "RECURSIVE"))
            || word.is("COPY") && self.sign(at + 1, "(") && !self.query[at + 1]
            || word.is("HANDLER") && self.is(at + 1, "FOR");
        !(called || option || self.sign(at + 1, "=") || self.sign(at + 1, ":="))
    }

    /// Where a statement in a body ends: at `;`, at the end of its block, or where the next one begins without a `;`.
    fn end_of_inner(&self, start: usize, end: usize) -> usize {
        let merges = self.is(start, "MERGE");
        let mut cases = 0_usize;
        let mut at = self.next(start);
        while at < end {
            let word = &self.words[at];
            if word.sign(";") {
                return at;
            }
            if word.kind == Kind::Name && !self.words[at - 1].sign(".") {
                if word.is("CASE") {
                    cases += 1;
                } else if word.is("END") && cases > 0 {
                    cases -= 1;
                } else if cases == 0
                    && (word.is_any(&["END", "ELSE", "ELSEIF", "ELSIF", "LOOP"])
                        || self.begins_block(at, merges)
                        || self.begins_next(start, at))
                {
                    return at;
                }
            }
            at = self.next(at);
        }
        end
    }

    fn begins_block(&self, at: usize, merges: bool) -> bool {
        let does = self.is(at, "DO") && !self.is_any(at + 1, &["UPDATE", "NOTHING"]);
        !merges && (does || self.is(at, "THEN"))
    }

    /// In SQL Server statements need no `;` between them.
    fn begins_next(&self, start: usize, at: usize) -> bool {
        let separated = self.dialect != Dialect::SqlServer && !(self.dialect == Dialect::Unknown && self.unseparated);
        let conditional = self.is(at, "IF") && self.is_any(at + 1, &["EXISTS", "NOT"]) && self.is_any(start, &["DROP", "CREATE", "ALTER"]);
        if separated || conditional {
            return false;
        }
        let begins = [
            "DECLARE",
            "IF",
            "WHILE",
            "PRINT",
            "RETURN",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "RAISERROR",
            "THROW",
            "GO",
            "OPEN",
            "CLOSE",
            "FETCH",
        ];
        let word = &self.words[at];
        let before = &self.words[at - 1];
        let continues =
            before.is_any(&["FOR", "THEN", "ON", "AS", "UNION", "ALL", "EXCEPT", "INTERSECT", "OR", "OF"]) || is_operator(before);
        if continues || before.sign(",") || before.kind == Kind::Symbol && !(before.sign(")") || before.sign("*") || before.sign(";")) {
            return false;
        }
        if word.is_any(&begins) {
            return !(self.is(at, "FETCH") && self.is_any(at + 1, &["FIRST", "NEXT"]) && !self.is(at + 2, "FROM"));
        }
        if !self.starts_statement(at) || word.is_any(&["WITH", "REPLACE", "TRUNCATE"]) && self.sign(at + 1, "(") {
            return false;
        }
        if word.is("SELECT") {
            return !(self.is_any(start, &["INSERT", "WITH", "CREATE"]) && self.find(start..at, &["SELECT", "VALUES"]).is_none());
        }
        // The statement that the CTEs of WITH are for.
        let first_of_with = self.is(start, "WITH") && self.find(start..at, &["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"]).is_none();
        let of_insert =
            self.is(start, "INSERT") && word.is_any(&["EXEC", "EXECUTE"]) && self.find(start..at, &["SELECT", "VALUES"]).is_none();
        !(first_of_with || of_insert || word.is("SET"))
    }
}
