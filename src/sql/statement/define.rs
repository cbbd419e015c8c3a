//! CREATE, ALTER, DROP, RENAME and TRUNCATE.

use super::Operation;
use super::reader::Reader;
use std::ops::Range;

/// What may stand between CREATE and the kind of thing that is made.
const MODIFIERS: [&str; 24] = [
    "OR",
    "REPLACE",
    "ALTER",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "GLOBAL",
    "LOCAL",
    "EXTERNAL",
    "VIRTUAL",
    "MATERIALIZED",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "CLUSTERED",
    "NONCLUSTERED",
    "RECURSIVE",
    "AGGREGATE",
    "FOREIGN",
    "COLUMNSTORE",
    "EDITIONABLE",
    "DEFINER",
    "ALGORITHM",
    "CONSTRAINT",
];

/// Things that are made of statements.
const ROUTINES: [&str; 6] = ["PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];

/// Things CREATE makes.
const KINDS: [&str; 18] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "PROCEDURE",
    "PROC",
    "FUNCTION",
    "TRIGGER",
    "EVENT",
    "PACKAGE",
    "RULE",
    "POLICY",
    "STATISTICS",
    "SEQUENCE",
    "DATABASE",
    "SCHEMA",
    "TYPE",
    "EXTENSION",
    "USER",
];

impl Reader<'_> {
    /// The place of the word that says what kind of thing CREATE, ALTER or DROP is about.
    fn kind_of_thing(&self, range: Range<usize>) -> usize {
        let mut at = range.start;
        let mut plain = true;
        while at < range.end {
            if self.is_any(at, &KINDS) {
                return at;
            }
            // DEFINER=`x`@`y` and its like bring words of their own.
            plain &= self.is_any(at, &MODIFIERS) && !self.is_any(at, &["DEFINER", "ALGORITHM"]);
            if plain || at < range.start + 20 {
                at += 1;
            } else {
                break;
            }
        }
        range.end
    }

    /// True when a statement makes a routine, whose body holds statements with `;` behind them.
    pub(super) fn is_routine(&self, start: usize, end: usize) -> bool {
        self.is_any(start, &["CREATE", "ALTER"]) && self.is_any(self.kind_of_thing(start + 1..end), &ROUTINES)
    }

    /// True where CREATE makes something whose body holds statements.
    pub(super) fn holds_statements(&self, start: usize, end: usize) -> bool {
        let kind = self.kind_of_thing(start + 1..end.max(start + 1));
        self.is_any(start, &["CREATE", "ALTER"]) && (self.is_any(kind, &ROUTINES) || self.is(kind, "RULE"))
    }

    /// CREATE and ALTER; the range begins behind the verb.
    pub(super) fn create(&mut self, range: Range<usize>, scope: usize, alters: bool) {
        let kind = self.kind_of_thing(range.clone());
        if kind >= range.end {
            return;
        }
        let name = self.skip(kind + 1, &["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"]);
        let word = self.words[kind];
        if word.is("TABLE") && alters {
            self.alter_table(name..range.end, scope);
        } else if word.is("TABLE") {
            self.create_table(name..range.end, scope);
        } else if word.is("VIEW") {
            self.view(name..range.end, scope);
        } else if word.is_any(&ROUTINES) {
            self.routine(kind..range.end, scope);
        } else if word.is_any(&["INDEX", "POLICY", "STATISTICS"]) {
            let about: &[&str] = if word.is("STATISTICS") { &["FROM", "ON"] } else { &["ON"] };
            let on = self.find(name..range.end, about).filter(|on| word.is("STATISTICS") || self.is(*on, "ON"));
            if let Some(on) = on {
                self.named_table(self.skip(on + 1, &["ONLY"]), range.end, scope, Operation::Ddl);
                self.sub_queries(on..range.end, scope);
            }
        } else if word.is("RULE") {
            self.rule(name..range.end, scope);
        }
    }

    fn named_table(&mut self, at: usize, end: usize, scope: usize, operation: Operation) -> (Option<usize>, usize) {
        if at >= end {
            return (None, end);
        }
        let (parts, after) = self.path(at, end);
        let mention = self.mention(at, &parts, scope, operation);
        self.add_target(scope, parts.last().map(String::as_str), mention);
        (mention, after)
    }

    fn create_table(&mut self, range: Range<usize>, scope: usize) {
        let (_, mut at) = self.named_table(range.start, range.end, scope, Operation::Ddl);
        if self.is(at, "PARTITION") && self.is(at + 1, "OF") {
            (_, at) = self.named_table(at + 2, range.end, scope, Operation::Ddl);
        }
        if self.is(at, "LIKE") {
            self.named_table(at + 1, range.end, scope, Operation::Read);
            return;
        }
        while at < range.end {
            if self.sign(at, "(") && self.query[at] {
                self.later(at, scope, false, None);
            } else if self.sign(at, "(") {
                self.copied_definitions(at + 1..self.close[at].min(range.end), scope);
            } else if self.is(at, "INHERITS") && self.sign(at + 1, "(") {
                self.several(at + 2..self.close[at + 1].min(range.end), scope, Operation::Ddl);
                at += 1;
            } else if self.is(at, "SELECT") || self.is_any(at, &["WITH", "VALUES", "TABLE"]) && self.after(at, &["AS"]) {
                self.query_of(at..range.end, scope);
                return;
            }
            at = self.next(at);
        }
    }

    /// `(LIKE other INCLUDING ALL)` among the columns.
    fn copied_definitions(&mut self, range: Range<usize>, scope: usize) {
        let mut at = range.start;
        while at < range.end {
            if self.is(at, "LIKE") && (at == range.start || self.words[at - 1].sign(",")) {
                self.named_table(at + 1, range.end, scope, Operation::Read);
            }
            at = self.next(at);
        }
    }

    /// The query that makes a table or view, read in a scope that does not see its name.
    fn query_of(&mut self, range: Range<usize>, scope: usize) {
        let (exists, compared, body_of, written) = (false, None, None, false);
        self.scopes[scope].targets.clear();
        let outside = self.scope(None, 0);
        self.tasks.push(super::reader::Task { range, scope: outside, sees: 0, exists, compared, body_of, written });
    }

    fn view(&mut self, range: Range<usize>, scope: usize) {
        let (_, after) = self.named_table(range.start, range.end, scope, Operation::Ddl);
        let query = (after..range.end).find(|at| self.is_any(*at, &["SELECT", "WITH", "VALUES", "TABLE"]) && self.after(*at, &["AS"]));
        let parenthesis = (after..range.end).find(|at| self.sign(*at, "(") && self.query[*at]);
        match (query, parenthesis) {
            (Some(start), None) => self.query_of(start..range.end, scope),
            (Some(start), Some(open)) if start < open => self.query_of(start..range.end, scope),
            (_, Some(open)) => self.query_of(open..range.end, scope),
            _ => {}
        }
    }

    fn rule(&mut self, range: Range<usize>, scope: usize) {
        let Some(to) = self.find(range.clone(), &["TO"]) else { return };
        self.in_trigger = true;
        self.named_table(to + 1, range.end, scope, Operation::Ddl);
        if let Some(action) = self.find(to..range.end, &["DO"]) {
            let start = self.skip(action + 1, &["ALSO", "INSTEAD"]);
            if self.sign(start, "(") {
                self.body(start + 1..self.close[start].min(range.end), scope);
            } else {
                self.body(start..range.end, scope);
            }
        }
    }

    fn alter_table(&mut self, range: Range<usize>, scope: usize) {
        let (_, after) = self.named_table(range.start, range.end, scope, Operation::Ddl);
        for at in after..range.end {
            let two = self.is(at, "RENAME") && self.is_any(at + 1, &["TO", "AS"])
                || self.is_any(at, &["ATTACH", "DETACH"]) && self.is(at + 1, "PARTITION");
            let one = self.is(at, "INHERIT")
                || self.is(at, "TABLE") && self.after(at, &["WITH"])
                || self.is(at, "TO") && self.is_any(after, &["SWITCH"]);
            let other = if two { Some(at + 2) } else { one.then_some(at + 1) };
            if let Some(other) = other {
                self.named_table(self.skip(other, &["IF", "EXISTS"]), range.end, scope, Operation::Ddl);
                return;
            }
        }
    }

    /// Names with commas between them.
    pub(super) fn several(&mut self, range: Range<usize>, scope: usize, operation: Operation) {
        let mut at = range.start;
        while at < range.end {
            let start = self.skip(at, &["ONLY"]);
            let (mention, after) = self.named_table(start, range.end, scope, operation);
            let (alias, _) = self.alias(after, range.end);
            if let Some(mention) = mention.filter(|_| operation == Operation::Lock) {
                self.mentions[mention].found.alias = alias;
            }
            at = after.max(at + 1);
            while at < range.end && !self.words[at - 1].sign(",") {
                at += 1;
            }
        }
    }

    /// DROP; the range begins behind the verb.
    pub(super) fn drop_thing(&mut self, range: Range<usize>, scope: usize) {
        let kind = self.kind_of_thing(range.clone());
        let name = self.skip(kind + 1, &["IF", "EXISTS", "CONCURRENTLY"]);
        if self.is_any(kind, &["TABLE", "VIEW"]) {
            self.several(name..range.end, scope, Operation::Ddl);
        } else if self.is_any(kind, &["INDEX", "TRIGGER", "RULE", "POLICY"])
            && let Some(on) = self.find(name.min(range.end)..range.end, &["ON"])
        {
            self.named_table(on + 1, range.end, scope, Operation::Ddl);
        }
    }

    /// `RENAME TABLE a TO b, c TO d`
    pub(super) fn rename(&mut self, range: Range<usize>, scope: usize) {
        if !self.is_any(range.start, &["TABLE", "TABLES"]) {
            return;
        }
        let mut at = range.start + 1;
        while at < range.end {
            let (_, after) = self.named_table(self.skip(at, &["IF", "EXISTS"]), range.end, scope, Operation::Ddl);
            at = after.max(at + 1);
            while at < range.end && !(self.words[at - 1].sign(",") || self.words[at - 1].is("TO")) {
                at += 1;
            }
        }
    }

    /// TRUNCATE; the range begins behind the verb.
    pub(super) fn truncate(&mut self, range: Range<usize>, scope: usize) {
        let start = self.skip(range.start, &["TABLE", "ONLY"]);
        self.several(start.min(range.end)..range.end, scope, Operation::Write);
    }
}
