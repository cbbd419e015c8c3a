//! Lists of tables: FROM, JOIN, and what UPDATE and DELETE name.

use super::expression::Context;
use super::key_words::{NO_ALIAS, is_hint};
use super::reader::Reader;
use super::resolve::Join;
use super::{JoinKind, Operation, Role};
use crate::sql::words::Kind;
use std::ops::Range;

impl Reader<'_> {
    /// Reads a list of tables and joins; parentheses around joins are walked through.
    pub(super) fn tables(&mut self, range: Range<usize>, scope: usize, operation: Operation) {
        let mut at = range.start;
        let mut wanted = true;
        while at < range.end {
            let word = self.words[at];
            if wanted {
                let opens = word.sign("(") && !self.query[at] || word.sign("{") || word.is("OJ");
                if opens || word.sign(",") || word.sign(")") || word.is_any(&["LATERAL", "ONLY"]) && at + 1 < range.end {
                    at += 1;
                } else {
                    at = self.table(at, range.end, scope, operation);
                    wanted = false;
                }
            } else if word.sign(",") || word.is_any(&["JOIN", "STRAIGHT_JOIN", "APPLY"]) && !self.after(at, &["FOR"]) {
                wanted = true;
                at += 1;
            } else if word.is("ON") {
                let end = self.end_of_condition(at + 1, range.end);
                self.expression(at + 1..end, scope, Context::On);
                at = end;
            } else if word.is("USING") && self.sign(at + 1, "(") {
                self.using_columns(at + 2..self.close[at + 1].min(range.end), scope);
                at = self.next(at + 1);
            } else if word.sign("(") {
                self.sub_queries(at..self.next(at).min(range.end), scope);
                at = self.next(at);
            } else {
                at += 1;
            }
        }
    }

    /// Where the condition of a join ends: at the next join, comma or closing parenthesis of the list.
    fn end_of_condition(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        while at < end {
            let word = self.words[at];
            let join = word.is_any(&["JOIN", "STRAIGHT_JOIN", "ON"]) && at > start
                || word.is_any(&["INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"])
                    && self.is_any(at + 1, &["JOIN", "OUTER", "INNER", "LEFT", "RIGHT", "FULL", "APPLY", "HASH", "LOOP", "MERGE"]);
            if join || word.sign(",") || word.sign(")") {
                return at;
            }
            at = self.next(at);
        }
        end
    }

    fn using_columns(&mut self, range: Range<usize>, scope: usize) {
        let targets = &self.scopes[scope].targets;
        let (left, right) = match targets.as_slice() {
            [.., left, right] => (*left, *right),
            _ => (None, None),
        };
        for at in range {
            if !matches!(self.words[at].kind, Kind::Name | Kind::Quoted | Kind::Double) {
                continue;
            }
            let name = vec![self.words[at].content()];
            let sides =
                [left, right].map(|table| table.and_then(|table| self.column(at, name.clone(), scope, Role::Compared, Some(table))));
            if let [Some(left), Some(right)] = sides {
                self.joins.push(Join { left, right, kind: JoinKind::Using });
            }
        }
    }

    /// One table, derived table or table function with its alias; returns the place behind.
    pub(super) fn table(&mut self, at: usize, end: usize, scope: usize, operation: Operation) -> usize {
        if at >= end {
            return end;
        }
        let word = self.words[at];
        if word.sign("(") {
            self.later(at, scope, false, None);
            let (alias, after) = self.alias(self.next(at), end);
            self.add_target(scope, alias.as_deref(), None);
            return after.max(at + 1);
        }
        let named = matches!(word.kind, Kind::Name | Kind::Quoted | Kind::Double | Kind::Hole | Kind::Placeholder);
        if !named || word.is_any(&["SELECT", "WHERE", "SET", "ON", "VALUES", "JOIN"]) {
            if word.kind == Kind::Variable || word.kind == Kind::Text {
                let (alias, after) = self.alias(at + 1, end);
                self.add_target(scope, alias.as_deref(), None);
                return after.max(at + 1);
            }
            return at + 1;
        }
        let (parts, after) = self.path(at, end);
        let hinted = self.sign(after, "(") && self.words.get(after + 1).is_some_and(is_hint);
        if self.sign(after, "(") && after < end && !hinted && operation == Operation::Read {
            return self.table_function(at, &parts, after, end, scope);
        }
        let after = if hinted { self.next(after).min(end) } else { after };
        let mention = self.mention(at, &parts, scope, operation);
        let (alias, after) = self.alias(after, end);
        let known_as = alias.clone().or_else(|| parts.last().cloned());
        if let Some(mention) = mention {
            self.mentions[mention].found.alias = alias;
        }
        self.add_target(scope, known_as.as_deref(), mention);
        after.max(at + 1)
    }

    fn table_function(&mut self, at: usize, parts: &[String], open: usize, end: usize, scope: usize) -> usize {
        let close = self.close[open].min(end);
        if !self.words[at].is_any(&["TABLE", "ROWS", "UNNEST", "GENERATE_SERIES", "VALUES"]) {
            self.out.calls.push(parts.join("."));
        }
        // Behind the first argument of JSON_TABLE and its like stand definitions of columns.
        let first = (open + 1..close).find(|at| self.words[*at].sign(",")).unwrap_or(close);
        let columns = self.words[at].is_any(&["JSON_TABLE", "XMLTABLE", "OPENJSON", "OPENXML", "OPENROWSET"]);
        self.expression(open + 1..if columns { first } else { close }, scope, Context::Value);
        let (alias, after) = self.alias(self.next(open).min(end), end);
        self.add_target(scope, alias.as_deref().or(parts.last().map(String::as_str)), None);
        after
    }

    /// The alias behind a table, and the place behind it.
    pub(super) fn alias(&self, mut at: usize, end: usize) -> (Option<String>, usize) {
        loop {
            if at >= end {
                return (None, end);
            }
            let word = self.words[at];
            if word.is("PARTITION") && self.sign(at + 1, "(") {
                at = self.next(at + 1);
            } else if word.is("FOR") && self.is(at + 1, "SYSTEM_TIME") {
                at = self.system_time(at + 2, end);
            } else if word.sign("*") {
                at += 1;
            } else if word.is("TABLESAMPLE") && self.sign(at + 2, "(") {
                at = self.next(at + 2);
            } else if word.is("WITH") && self.is(at + 1, "ORDINALITY") {
                at += 2;
            } else {
                break;
            }
        }
        let word = self.words[at];
        if word.is("AS") && at + 1 < end {
            let named = matches!(self.words[at + 1].kind, Kind::Name | Kind::Quoted | Kind::Double | Kind::Text);
            return if named { (Some(self.words[at + 1].content()), at + 2) } else { (None, at + 1) };
        }
        let named = matches!(word.kind, Kind::Quoted | Kind::Double) || word.kind == Kind::Name && !word.is_any(&NO_ALIAS);
        if named { (Some(word.content()), at + 1) } else { (None, at) }
    }

    /// Steps over the time behind FOR SYSTEM_TIME.
    fn system_time(&self, mut at: usize, end: usize) -> usize {
        let parts = ["ALL", "OF", "TIMESTAMP", "BETWEEN", "AND", "FROM", "TO", "CONTAINED", "IN"];
        while at < end {
            let word = self.words[at];
            let value = matches!(word.kind, Kind::Text | Kind::Variable | Kind::Placeholder | Kind::Number);
            if value || word.is_any(&parts) || word.is("AS") && self.is(at + 1, "OF") {
                at += 1;
            } else if word.sign("(") {
                at = self.next(at);
            } else {
                break;
            }
        }
        at
    }
}
