//! Which reading a statement gets, and the statements that need little of one.

use super::expression::Context;
use super::key_words;
use super::reader::Reader;
use super::{Dialect, Operation, Verb};
use crate::sql::words::Kind;
use std::ops::Range;

impl Reader<'_> {
    /// Reads one statement or query. `written` marks the body of a CTE that is updated.
    pub(super) fn statement(&mut self, range: Range<usize>, scope: usize, written: bool) {
        let mut range = range.start..range.end.min(self.words.len());
        while range.len() > 1 && self.sign(range.start, "(") && self.close[range.start] + 1 >= range.end {
            range = range.start + 1..range.end.min(self.close[range.start]);
        }
        if range.is_empty() {
            return;
        }
        if self.is(range.start, "WITH") && !self.is(range.start + 1, "XMLNAMESPACES") {
            range.start = self.with(range.clone(), scope);
            while range.len() > 1 && self.sign(range.start, "(") && self.close[range.start] + 1 >= range.end {
                range = range.start + 1..range.end.min(self.close[range.start]);
            }
            if range.is_empty() {
                return;
            }
        }
        let rest = range.start + 1..range.end;
        match key_words::verb(&self.words[range.start]) {
            Verb::Insert | Verb::Replace => self.insert(rest, scope),
            Verb::Update if !self.is(rest.start, "STATISTICS") => self.update(rest, scope),
            Verb::Update => self.several(rest.start + 1..rest.end, scope, Operation::Lock),
            Verb::Delete => self.delete(rest, scope),
            Verb::Merge => self.merge(rest, scope),
            Verb::Truncate => self.truncate(rest, scope),
            Verb::Create => self.create(rest, scope, false),
            Verb::Alter => self.alter(range, scope),
            Verb::Drop => self.drop_thing(rest, scope),
            Verb::Rename => self.rename(rest, scope),
            Verb::Lock => self.lock(rest, scope),
            Verb::Call => self.call_routine(rest, scope),
            Verb::Copy => self.copy(rest, scope),
            Verb::Load => self.load(range, scope),
            Verb::Handler => self.single(rest, scope, Operation::Read),
            Verb::Explain => self.explain(rest, scope),
            Verb::Describe => self.describe(range, scope),
            Verb::Maintain => self.maintain(range, scope),
            Verb::Prepare | Verb::Execute => self.prepared(range, scope),
            Verb::Set => self.sub_queries(rest, scope),
            Verb::Other if self.is(range.start, "DO") && self.is_literal(rest.start) => self.literal(rest.start, true),
            Verb::Begin | Verb::Commit | Verb::Rollback => {}
            Verb::Select | Verb::Other if self.names_no_table(range.start) => {}
            Verb::Select | Verb::Other => self.query(range, scope, written),
        }
    }

    /// Statements that no reading of tables applies to: GRANT SELECT ON t, USE x.
    fn names_no_table(&self, at: usize) -> bool {
        self.is_any(at, &["GRANT", "REVOKE", "USE", "SAVEPOINT", "RELEASE"])
    }

    fn single(&mut self, range: Range<usize>, scope: usize, operation: Operation) {
        if !range.is_empty() {
            let (parts, _) = self.path(range.start, range.end);
            self.mention(range.start, &parts, scope, operation);
        }
    }

    fn alter(&mut self, range: Range<usize>, scope: usize) {
        if !self.is(range.start, "COMMENT") {
            return self.create(range.start + 1..range.end, scope, true);
        }
        // COMMENT ON TABLE t IS '..', COMMENT ON COLUMN t.c IS '..'
        let what = range.start + 2;
        if self.is_any(what, &["TABLE", "VIEW"]) {
            self.single(what + 1..range.end, scope, Operation::Ddl);
        } else if self.is(what, "COLUMN") {
            let (mut parts, _) = self.path(what + 1, range.end);
            parts.pop();
            self.mention(what + 1, &parts, scope, Operation::Ddl);
        }
    }

    /// `LOCK TABLES a READ, b AS c WRITE`, `LOCK TABLE a, b IN SHARE MODE`, `LOCK a`
    fn lock(&mut self, range: Range<usize>, scope: usize) {
        if self.words[range.start - 1].is("UNLOCK") {
            return;
        }
        let start = self.skip(range.start, &["TABLES", "TABLE", "ONLY"]);
        let end = self.find(start.min(range.end)..range.end, &["IN"]).unwrap_or(range.end);
        self.several(start.min(end)..end, scope, Operation::Lock);
    }

    /// `CALL name(..)`, `EXEC @result = name ..`, `EXEC ('text')`, `EXEC sp_executesql N'text'`
    fn call_routine(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        if self.words.get(at).is_some_and(|word| word.kind == Kind::Variable) && self.sign(at + 1, "=") {
            at += 2;
        }
        if at >= range.end {
            return;
        }
        if self.sign(at, "(") {
            return self.run_text(at + 1..self.close[at].min(range.end));
        }
        let (parts, after) = self.path(at, range.end);
        match parts.last() {
            Some(name) if name.eq_ignore_ascii_case("sp_executesql") => self.run_text(after..range.end.min(after + 1)),
            Some(_) => {
                self.out.calls.push(parts.join("."));
                self.sub_queries(after..range.end, scope);
            }
            None => self.out.dynamic = true,
        }
    }

    /// Text that is run: read where it is one literal, else told to be dynamic.
    fn run_text(&mut self, range: Range<usize>) {
        if range.len() == 1 && self.is_literal(range.start) {
            self.literal(range.start, false);
        } else {
            self.out.dynamic = true;
        }
    }

    /// `PREPARE s FROM 'text'`, `PREPARE s AS query`, `EXECUTE IMMEDIATE 'text'`, `EXECUTE s`, `EXECUTE 'text' USING x`
    fn prepared(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start + 1;
        if self.is(range.start, "DEALLOCATE") || at >= range.end {
            return;
        }
        if self.is(range.start, "PREPARE") {
            let Some(from) = self.find(at..range.end, &["FROM", "AS"]) else { return };
            if self.is(from, "AS") {
                self.prepared = true;
                return self.statement_of(from + 1..range.end, scope);
            }
            self.prepared |= self.is_literal(from + 1) && from + 2 >= range.end;
            return self.run_text(from + 1..range.end);
        }
        let immediate = self.is(at, "IMMEDIATE");
        at += usize::from(immediate);
        let end = self.find(at..range.end, &["USING", "INTO", "RETURNING"]).unwrap_or(range.end);
        let named = at + 1 >= end || self.sign(at + 1, "(") && !self.is(at, "FORMAT");
        match self.words.get(at).map(|word| word.kind) {
            Some(Kind::Name | Kind::Quoted) if self.dialect == Dialect::SqlServer || self.sign(at + 1, ".") => {
                self.call_routine(at..range.end, scope)
            }
            Some(Kind::Name | Kind::Quoted) if named && !immediate => self.out.dynamic |= !self.prepared,
            Some(Kind::Variable) if self.dialect == Dialect::SqlServer || self.sign(at + 1, "=") => self.call_routine(at..range.end, scope),
            _ if self.sign(at, "(") => self.run_text(at + 1..self.close[at].min(end)),
            _ => self.run_text(at..end),
        }
    }

    fn statement_of(&mut self, range: Range<usize>, scope: usize) {
        let (exists, compared, body_of, written) = (false, None, None, false);
        self.tasks.push(super::reader::Task { range, scope, sees: usize::MAX, exists, compared, body_of, written });
    }

    /// COPY of PostgreSQL.
    fn copy(&mut self, range: Range<usize>, scope: usize) {
        let at = self.skip(range.start, &["BINARY"]);
        if self.sign(at, "(") {
            return self.later(at, scope, false, None);
        }
        let writes = self.find(at..range.end, &["FROM", "TO"]).is_some_and(|word| self.is(word, "FROM"));
        let (parts, after) = self.path(at, range.end);
        let table = self.mention(at, &parts, scope, if writes { Operation::Write } else { Operation::Read });
        if let (Some(table), true) = (table, self.sign(after, "(")) {
            for column in after + 1..self.close[after].min(range.end) {
                if matches!(self.words[column].kind, Kind::Name | Kind::Quoted | Kind::Double) {
                    let role = if writes { super::Role::Written } else { super::Role::Read };
                    let name = vec![self.words[column].content()];
                    self.column(column, name, scope, role, Some(table));
                }
            }
        }
    }

    /// LOAD DATA INTO TABLE of MySQL, BULK INSERT of SQL Server.
    fn load(&mut self, range: Range<usize>, scope: usize) {
        if self.is(range.start, "BULK") {
            return self.single(range.start + 2..range.end, scope, Operation::Write);
        }
        let table = (range.start..range.end).find(|at| self.is(*at, "TABLE") && self.after(*at, &["INTO"]));
        if let Some(table) = table {
            self.single(table + 1..range.end, scope, Operation::Write);
            self.sub_queries(table..range.end, scope);
        }
    }

    /// EXPLAIN runs nothing unless it is told to by ANALYZE; `EXPLAIN t` describes a table.
    fn explain(&mut self, range: Range<usize>, scope: usize) {
        let verbs = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TABLE", "VALUES", "CREATE", "EXECUTE", "("];
        let start = (range.start..range.end).find(|at| self.is_any(*at, &verbs) || self.sign(*at, "(") && self.query[*at]);
        let Some(start) = start else { return self.single(range, scope, Operation::Read) };
        let runs = (range.start..start).any(|at| self.is_any(at, &["ANALYZE", "ANALYSE"]));
        let before = self.mentions.len();
        self.statement(start..range.end, scope, false);
        // EXPLAIN in a CTE of an EXPLAIN leaves its sub-queries to the outer one: calls must not nest with the text.
        if std::mem::replace(&mut self.explaining, true) {
            return;
        }
        while let Some(task) = self.tasks.pop() {
            self.task(task);
        }
        self.explaining = false;
        if !runs {
            for mention in &mut self.mentions[before..] {
                mention.found.operation = Operation::Read;
            }
        }
    }

    /// `DESCRIBE t`, `SHOW COLUMNS FROM t FROM shop`, `SHOW CREATE TABLE t`, `PRAGMA table_info(t)`
    fn describe(&mut self, range: Range<usize>, scope: usize) {
        let first = self.words[range.start];
        if first.is("PRAGMA") {
            let (parts, after) = self.path(range.start + 1, range.end);
            let about = ["table_info", "table_xinfo", "index_list", "foreign_key_list", "table_list", "foreign_key_check"];
            if parts.last().is_some_and(|name| about.contains(&name.to_lowercase().as_str())) {
                self.single((after + 1).min(range.end)..range.end, scope, Operation::Read);
            }
        } else if first.is("SHOW") {
            let at = self.skip(range.start + 1, &["FULL", "EXTENDED"]);
            let lists = self.is_any(at, &["COLUMNS", "FIELDS", "INDEX", "INDEXES", "KEYS"]) && self.is_any(at + 1, &["FROM", "IN"]);
            if lists || self.is(at, "CREATE") && self.is_any(at + 1, &["TABLE", "VIEW"]) {
                self.single((at + 2).min(range.end)..range.end, scope, Operation::Read);
            }
        } else {
            self.explain(self.skip(range.start + 1, &["TABLE", "EXTENDED", "FORMATTED"]).min(range.end)..range.end, scope);
        }
    }

    /// ANALYZE and CHECK read a table; OPTIMIZE, REPAIR, VACUUM, REINDEX and CLUSTER rebuild it; REFRESH fills it.
    fn maintain(&mut self, range: Range<usize>, scope: usize) {
        let first = self.words[range.start];
        let mut at = range.start + 1;
        if self.sign(at, "(") && !first.is("DBCC") {
            at = self.next(at);
        }
        at = self.skip(at, &["NO_WRITE_TO_BINLOG", "LOCAL", "FULL", "FREEZE", "VERBOSE", "ANALYZE", "MATERIALIZED", "CONCURRENTLY"]);
        if self.is_any(at, &["INDEX", "DATABASE", "SCHEMA", "SYSTEM", "CHECKTABLE"]) {
            return;
        }
        let kind = self.skip(at, &["TABLE", "TABLES", "VIEW", "CONCURRENTLY"]);
        let operation = match () {
            () if first.is("REFRESH") => Operation::Write,
            () if first.is_any(&["ANALYZE", "ANALYSE", "CHECK", "CHECKSUM"]) => Operation::Read,
            () => Operation::Ddl,
        };
        if first.is("REFRESH") {
            self.single(kind.min(range.end)..range.end, scope, operation);
        } else if !first.is("DBCC") {
            self.several(kind.min(range.end)..range.end, scope, operation);
        }
    }

    /// PERFORM of PL/pgSQL: a SELECT whose result is thrown away.
    pub(super) fn perform(&mut self, range: Range<usize>, scope: usize) {
        if self.sign(range.start + 1, "(") && range.start < range.end {
            self.out.calls.push(self.words[range.start].content());
        }
        let from = self.find(range.clone(), &["FROM"]).unwrap_or(range.end);
        if from < range.end {
            self.query(from..range.end, scope, false);
        }
        self.expression(range.start..from, scope, Context::Value);
    }
}
