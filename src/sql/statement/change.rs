//! INSERT, REPLACE, UPDATE, DELETE and MERGE.

use super::expression::Context;
use super::query::Clause;
use super::reader::Reader;
use super::{Operation, Role};
use crate::sql::words::Kind;
use std::ops::Range;

impl Reader<'_> {
    /// INSERT and REPLACE in all their forms; the range begins behind the verb.
    pub(super) fn insert(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        loop {
            at = self.skip(at, &["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO", "OVERWRITE", "TABLE", "OR", "REPLACE"]);
            if self.after(at, &["OR"]) {
                at += 1;
            } else if self.is(at, "TOP") && self.sign(at + 1, "(") {
                at = self.next(at + 1);
            } else {
                break;
            }
        }
        if at >= range.end {
            return;
        }
        let (parts, mut after) = self.path(at, range.end);
        let table = self.mention(at, &parts, scope, Operation::Write);
        if self.is(after, "PARTITION") && self.sign(after + 1, "(") {
            after = self.next(after + 1);
        }
        let (alias, after) =
            if self.is_any(after, &["VALUE", "OUTPUT", "EXEC", "EXECUTE"]) { (None, after) } else { self.alias(after, range.end) };
        self.add_target(scope, alias.as_deref().or(parts.last().map(String::as_str)), table);
        if let (Some(table), Some(alias)) = (table, alias) {
            self.mentions[table].found.alias = Some(alias);
        }
        let mut rest = after.min(range.end);
        if self.sign(rest, "(") && rest < range.end && !self.query[rest] {
            self.written_columns(rest + 1..self.close[rest].min(range.end), scope, table);
            rest = self.next(rest).min(range.end);
        }
        self.inserted(rest..range.end, scope, table);
    }

    /// What is inserted, and what happens when it is there already.
    fn inserted(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let wanted = [Clause::Values, Clause::Set, Clause::Query, Clause::Upsert, Clause::Returning];
        let parts = self.clauses(range.clone(), &wanted);
        let mut at = 0;
        while let Some((clause, part)) = parts.get(at).cloned() {
            at += 1;
            match clause {
                Clause::Head if self.is(part.start, "WITH") && !part.is_empty() => {
                    let upsert = parts.iter().find(|(clause, _)| matches!(clause, Clause::Upsert | Clause::Returning));
                    let end = upsert.map_or(range.end, |(_, part)| part.start - 1);
                    self.statement_later(part.start..end, scope);
                    at += parts[at..].iter().take_while(|(clause, _)| !matches!(clause, Clause::Upsert | Clause::Returning)).count();
                }
                Clause::Query => {
                    // The query goes on to the upsert; its own VALUES, SET and SELECT belong to it.
                    let more = parts[at..].iter().take_while(|(clause, _)| !matches!(clause, Clause::Upsert | Clause::Returning)).count();
                    let end = parts.get(at + more).map_or(range.end, |(_, part)| part.start - 1);
                    self.statement_later(part.start - 1..end, scope);
                    at += more;
                }
                Clause::Set => self.assignments(part, scope, table),
                Clause::Upsert => {
                    let more = parts[at..].iter().take_while(|(clause, _)| *clause != Clause::Returning).count();
                    let end = parts.get(at + more).map_or(range.end, |(_, part)| part.start - 1);
                    self.upsert(part.start..end, scope, table);
                    at += more;
                }
                Clause::Returning => self.returning(part, scope),
                _ => self.sub_queries(part, scope),
            }
        }
    }

    fn statement_later(&mut self, range: Range<usize>, scope: usize) {
        let task = super::reader::Task { range, scope, sees: usize::MAX, exists: false, compared: None, body_of: None, written: false };
        self.tasks.push(task);
    }

    /// ON DUPLICATE KEY UPDATE a = 1, and ON CONFLICT (x) WHERE c DO UPDATE SET a = 1 WHERE d.
    fn upsert(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let start = match self.find(range.clone(), &["UPDATE"]) {
            Some(update) => self.skip(update + 1, &["SET"]),
            None => return self.sub_queries(range, scope),
        };
        let condition = self.find(start..range.end, &["WHERE"]).unwrap_or(range.end);
        self.assignments(start..condition, scope, table);
        if condition < range.end {
            self.expression(condition + 1..range.end, scope, Context::Condition);
        }
    }

    /// RETURNING, and OUTPUT ... INTO t (columns) of SQL Server.
    fn returning(&mut self, range: Range<usize>, scope: usize) {
        let into = self.find(range.clone(), &["INTO"]).unwrap_or(range.end);
        self.expression(range.start..into, scope, Context::List);
        if into + 1 < range.end && !self.in_plpgsql() {
            let (parts, after) = self.path(into + 1, range.end);
            let table = self.mention(into + 1, &parts, scope, Operation::Write);
            if self.sign(after, "(") && after < range.end {
                self.written_columns(after + 1..self.close[after].min(range.end), scope, table);
            }
        }
    }

    /// In routines of PostgreSQL and MariaDB, INTO behind RETURNING fills a variable.
    fn in_plpgsql(&self) -> bool {
        self.in_routine && self.dialect != super::Dialect::SqlServer
    }

    fn written_columns(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let mut at = range.start;
        while at < range.end {
            let (mut parts, after) = self.path(at, range.end);
            if let (Some(name), Some(table)) = (parts.pop(), table) {
                self.column(at, vec![name], scope, Role::Written, Some(table));
            }
            at = after.max(at + 1);
            while at < range.end && !self.words[at - 1].sign(",") {
                at = self.next(at);
            }
        }
    }

    /// `a = 1, t.b = c, (d, e) = (SELECT ..)`; `table` is whose columns names without a table are.
    pub(super) fn assignments(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let mut at = range.start;
        while at < range.end {
            let mut end = at;
            while end < range.end && !self.words[end].sign(",") {
                end = self.next(end);
            }
            let end = end.min(range.end);
            self.assignment(at..end, scope, table);
            at = end + 1;
        }
    }

    fn assignment(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let mut value = range.start;
        if self.sign(value, "(") && !self.query[value] {
            self.written_columns(value + 1..self.close[value].min(range.end), scope, table);
            value = self.next(value);
        }
        // `@old = a = 1` of SQL Server fills a variable on the way.
        while self.words.get(value).is_some_and(|word| word.kind == Kind::Variable) && self.sign(value + 1, "=") {
            value += 2;
        }
        if value < range.end && matches!(self.words[value].kind, Kind::Name | Kind::Quoted | Kind::Double) {
            let (parts, after) = self.path(value, range.end);
            let assigns = (after..(after + 2).min(range.end)).any(|at| self.words[at].sign("=") || self.words[at].sign(":="));
            if assigns {
                let owner = if parts.len() == 1 { table } else { None };
                self.column(value, parts, scope, Role::Written, owner);
                value = after;
            }
        }
        while value < range.end && self.words[value].kind == Kind::Symbol && !self.words[value].sign("(") {
            value += 1;
        }
        self.expression(value.min(range.end)..range.end, scope, Context::Value);
    }

    /// UPDATE; the range begins behind the verb.
    pub(super) fn update(&mut self, range: Range<usize>, scope: usize) {
        let mut start = self.skip(range.start, &["LOW_PRIORITY", "IGNORE", "ONLY", "OR"]);
        if self.after(start, &["OR"]) {
            start += 1;
        }
        if self.is(start, "TOP") && self.sign(start + 1, "(") {
            start = self.next(start + 1);
        }
        let wanted = [Clause::Set, Clause::From, Clause::Where, Clause::Order, Clause::Limit, Clause::Returning, Clause::Tail];
        let parts = self.clauses(start.min(range.end)..range.end, &wanted);
        let first = self.mentions.len();
        if let Some((Clause::Head, part)) = parts.first() {
            let part = part.clone();
            self.write_through_cte(&part, scope);
            self.tables(part, scope, Operation::Read);
        }
        let named = first..self.mentions.len();
        for (_, part) in parts.iter().filter(|(clause, _)| *clause == Clause::From) {
            self.tables(part.clone(), scope, Operation::Read);
        }
        let written = self.updated(&named, scope);
        let columns = self.columns.len();
        for (clause, part) in parts {
            match clause {
                Clause::Set => self.assignments(part, scope, written),
                Clause::Where => self.expression(part, scope, Context::Condition),
                Clause::Order => self.expression(part, scope, Context::Value),
                Clause::Returning => self.returning(part, scope),
                Clause::Limit | Clause::Tail => self.sub_queries(part, scope),
                _ => {}
            }
        }
        self.mark_written(columns, &named, written);
    }

    /// The one table an UPDATE names, or the one its FROM gives that name.
    fn updated(&mut self, named: &Range<usize>, scope: usize) -> Option<usize> {
        if named.len() != 1 {
            return None;
        }
        let aliased = self.settle(named.start, named.end, scope);
        self.mentions[aliased].found.operation = Operation::Write;
        Some(aliased)
    }

    /// Of several tables in UPDATE those are written whose columns are set; where nothing tells, the first.
    fn mark_written(&mut self, first_column: usize, named: &Range<usize>, written: Option<usize>) {
        if written.is_some() || named.is_empty() {
            return;
        }
        let mut found = false;
        for table in self.tables_written_since(first_column) {
            if named.contains(&table) {
                self.mentions[table].found.operation = Operation::Write;
                found = true;
            }
        }
        if !found {
            self.mentions[named.start].found.operation = Operation::Write;
        }
    }

    /// Where UPDATE or DELETE names something that FROM gives as an alias, or names again, the mention in FROM is meant.
    fn settle(&mut self, target: usize, from: usize, scope: usize) -> usize {
        let wanted = self.mentions[target].found.name.to_lowercase();
        let schema = self.mentions[target].found.schema.clone();
        let meant = (from..self.mentions.len()).find(|at| {
            let mention = &self.mentions[*at];
            let found = &mention.found;
            mention.scope == scope
                && match &found.alias {
                    Some(alias) => schema.is_none() && alias.to_lowercase() == wanted,
                    None => found.name.to_lowercase() == wanted && (schema.is_none() || schema == found.schema),
                }
        });
        match meant {
            Some(meant) => {
                self.mentions[target].dropped = true;
                self.retarget(scope, target, meant);
                meant
            }
            None => target,
        }
    }

    /// DELETE; the range begins behind the verb.
    pub(super) fn delete(&mut self, range: Range<usize>, scope: usize) {
        let mut start = self.skip(range.start, &["LOW_PRIORITY", "QUICK", "IGNORE"]);
        if self.is(start, "TOP") && self.sign(start + 1, "(") {
            start = self.next(start + 1);
        }
        let wanted = [Clause::From, Clause::Using, Clause::Where, Clause::Order, Clause::Limit, Clause::Returning, Clause::Tail];
        let mut parts = self.clauses(start.min(range.end)..range.end, &wanted);
        if parts[0].1.is_empty() {
            parts.remove(0);
        }
        // USING inside a list of joins belongs to the join.
        let lists = self.table_lists(&mut parts);
        let mut named = Vec::new();
        let targets = lists.first().cloned().unwrap_or(0..0);
        let first = self.mentions.len();
        if lists.len() > 1 {
            self.write_through_cte(&targets, scope);
            self.named_for_deletion(targets, scope);
            named.extend(first..self.mentions.len());
            let from = self.mentions.len();
            for list in lists.into_iter().skip(1) {
                self.tables(list, scope, Operation::Read);
            }
            for target in named {
                let meant = self.settle(target, from, scope);
                self.mentions[meant].found.operation = Operation::Write;
            }
        } else {
            self.write_through_cte(&targets, scope);
            self.tables(targets, scope, Operation::Write);
        }
        for (clause, part) in parts {
            match clause {
                Clause::Where => self.expression(part, scope, Context::Condition),
                Clause::Returning => self.returning(part, scope),
                Clause::Order => self.expression(part, scope, Context::Value),
                Clause::Limit | Clause::Tail => self.sub_queries(part, scope),
                _ => {}
            }
        }
    }

    /// Takes the lists of tables out of the clauses of DELETE.
    fn table_lists(&self, parts: &mut Vec<(Clause, Range<usize>)>) -> Vec<Range<usize>> {
        let mut lists: Vec<Range<usize>> = Vec::new();
        parts.retain(|(clause, part)| {
            let joined = *clause == Clause::Using && self.sign(part.start, "(") && !lists.is_empty();
            match clause {
                Clause::Using if joined && !self.query.get(part.start).copied().unwrap_or(false) && self.is_join_list(lists.last()) => {
                    lists.last_mut().expect("it was looked at").end = part.end;
                }
                Clause::Head | Clause::From | Clause::Using => lists.push(part.clone()),
                _ => return true,
            }
            false
        });
        lists
    }

    fn is_join_list(&self, list: Option<&Range<usize>>) -> bool {
        list.is_some_and(|list| self.find(list.clone(), &["JOIN", "STRAIGHT_JOIN"]).is_some())
    }

    /// `a, b.*, shop.c` between DELETE and FROM.
    fn named_for_deletion(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        while at < range.end {
            let (parts, after) = self.path(at, range.end);
            if !parts.is_empty() && !self.words[at].is("ONLY") {
                let mention = self.mention(at, &parts, scope, Operation::Write);
                let (alias, _) = self.alias(after, range.end);
                if let (Some(mention), Some(alias)) = (mention, &alias) {
                    self.mentions[mention].found.alias = Some(alias.clone());
                }
                self.add_target(scope, alias.as_deref().or(parts.last().map(String::as_str)), mention);
                at = after;
                while at < range.end && !self.words[at].sign(",") {
                    at += 1;
                }
            }
            at += 1;
        }
    }

    /// `WITH d AS (SELECT .. FROM t) DELETE FROM d` removes rows of t.
    fn write_through_cte(&mut self, range: &Range<usize>, scope: usize) {
        let Some(name) = self.words.get(range.start).filter(|_| !range.is_empty()).map(|word| word.content().to_lowercase()) else {
            return;
        };
        for task in self.tasks.iter_mut().filter(|task| task.scope == scope) {
            if task.body_of.as_ref().is_some_and(|cte| cte.to_lowercase() == name) {
                task.written = true;
            }
        }
    }

    /// MERGE; the range begins behind the verb.
    pub(super) fn merge(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        if self.is(at, "TOP") && self.sign(at + 1, "(") {
            at = self.next(at + 1);
        }
        at = self.skip(at, &["INTO", "ONLY"]);
        let using = self.find(at..range.end, &["USING"]).unwrap_or(range.end);
        let first = self.mentions.len();
        self.tables(at..using, scope, Operation::Write);
        let table = (first < self.mentions.len()).then_some(first);
        let when = self.find(using..range.end, &["WHEN"]).unwrap_or(range.end);
        if using < when {
            self.tables(using + 1..when, scope, Operation::Read);
        }
        let mut start = when;
        while start < range.end {
            let end = self.find(start + 1..range.end, &["WHEN"]).unwrap_or(range.end);
            self.merge_action(start..end, scope, table);
            start = end;
        }
    }

    /// `WHEN NOT MATCHED AND c THEN INSERT (..) VALUES (..)`, the last one with what stands behind all of them.
    fn merge_action(&mut self, range: Range<usize>, scope: usize, table: Option<usize>) {
        let then = self.find(range.clone(), &["THEN"]).unwrap_or(range.end);
        let condition = self.find(range.start..then, &["AND"]).unwrap_or(then);
        self.expression(condition..then, scope, Context::Condition);
        for (clause, part) in self.clauses(then..range.end, &[Clause::Set, Clause::Where, Clause::Values, Clause::Returning, Clause::Tail])
        {
            match clause {
                Clause::Set => self.assignments(part, scope, table),
                Clause::Returning => self.returning(part, scope),
                Clause::Where => self.expression(part, scope, Context::Condition),
                Clause::Values => self.expression(part, scope, Context::Value),
                Clause::Head if self.is(then + 1, "INSERT") && self.sign(then + 2, "(") => {
                    self.written_columns(then + 3..self.close[then + 2].min(range.end), scope, table);
                }
                _ => {}
            }
        }
    }
}
