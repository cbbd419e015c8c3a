//! Expressions: their columns, what these are compared with, and the sub-queries in them.

use super::key_words::{is_aggregate, is_operator, is_value, takes_unit};
use super::reader::Reader;
use super::resolve::Join;
use super::{Dialect, JoinKind, Role};
use crate::sql::words::{Kind, Word};
use std::ops::Range;

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Context {
    /// The select list: names may be given, `*` means all columns.
    List,
    /// WHERE and HAVING.
    Condition,
    /// The condition of a join.
    On,
    /// Any other.
    Value,
}

/// What was read last.
#[derive(Clone, Debug)]
enum Operand {
    Column(usize),
    /// A column in parentheses, be it of a function.
    Wrapped(usize),
    Literal(String),
    Other,
}

/// The state of a walk over an expression.
struct Walk {
    scope: usize,
    context: Context,
    /// The operand that ends right before the word, if one does.
    left: Option<Operand>,
    /// What stood before the `=` that was just read.
    equals: Option<Operand>,
    /// The column whose IN list ends at this word.
    listed: Option<(usize, usize)>,
    /// The column before IN, when a parenthesis is to follow.
    before_in: Option<usize>,
}

impl Reader<'_> {
    /// Reads an expression, or several with commas between them.
    pub(super) fn expression(&mut self, range: Range<usize>, scope: usize, context: Context) {
        let mut walk = Walk { scope, context, left: None, equals: None, listed: None, before_in: None };
        let mut at = range.start;
        while at < range.end {
            at = self.step(at, range.end, &mut walk).max(at + 1);
        }
    }

    fn step(&mut self, at: usize, end: usize, walk: &mut Walk) -> usize {
        let word = self.words[at];
        match word.kind {
            Kind::Symbol => self.symbol(at, end, walk),
            Kind::Number | Kind::Text | Kind::Dollar => {
                self.operand(Operand::Literal(word.content()), walk);
                at + 1
            }
            Kind::Placeholder | Kind::Variable | Kind::Hole => {
                self.operand(Operand::Other, walk);
                if self.sign(at + 1, ".") { at + 3 } else { at + 1 }
            }
            Kind::Double if self.is_string(at, walk) => {
                self.operand(Operand::Literal(word.content()), walk);
                at + 1
            }
            Kind::Name | Kind::Quoted | Kind::Double => self.name(at, end, walk),
        }
    }

    /// Whether `"x"` is a string: in MySQL, and where the dialect is unknown on the far side of a comparison.
    fn is_string(&self, at: usize, walk: &Walk) -> bool {
        match self.dialect {
            Dialect::MySql => !self.sign(at + 1, "."),
            Dialect::Unknown => (walk.equals.is_some() || walk.listed.is_some() || self.after(at, &["LIKE"])) && !self.sign(at + 1, "."),
            _ => false,
        }
    }

    fn symbol(&mut self, at: usize, end: usize, walk: &mut Walk) -> usize {
        let word = self.words[at];
        match word.text {
            "(" => return self.open(at, end, walk),
            ")" => {
                walk.listed = walk.listed.filter(|(_, close)| *close != at);
                walk.left = match walk.left.take() {
                    // `LOWER(a.x) = LOWER(b.y)` joins, but COUNT(a.x) = 5 says nothing of what is in the column.
                    Some(Operand::Column(column) | Operand::Wrapped(column)) => Some(Operand::Wrapped(column)),
                    _ => Some(Operand::Other),
                };
                walk.equals = None;
            }
            "=" => {
                let before = at.checked_sub(1).map_or("", |before| self.words[before].text);
                let touching = at > 0 && self.words[at - 1].start + self.words[at - 1].text.len() == word.start;
                let other = touching && matches!(before, "<" | ">" | "!" | "^" | "~" | "+" | "-" | "*" | "/" | "%" | "|" | "&");
                walk.equals = if other { None } else { walk.left.take() };
                walk.left = None;
            }
            ">" if self.after_sign(at, "=") => {}
            "." => {
                walk.left = Some(Operand::Other);
                return at + 2;
            }
            "::" => {
                let (_, after) = self.path(at + 1, end);
                return after;
            }
            "*" if walk.left.is_none() && !self.after_sign(at, "(") => {
                self.out.star |= walk.context == Context::List && !self.scopes[walk.scope].exists;
                walk.left = Some(Operand::Other);
            }
            "]" | "}" => walk.left = Some(Operand::Other),
            _ => {
                walk.left = None;
                walk.equals = None;
            }
        }
        at + 1
    }

    fn after_sign(&self, at: usize, sign: &str) -> bool {
        at > 0 && self.words[at - 1].sign(sign)
    }

    fn open(&mut self, at: usize, end: usize, walk: &mut Walk) -> usize {
        let column = walk.before_in.take();
        if self.query[at] {
            let exists = self.after(at, &["EXISTS"]);
            self.later(at, walk.scope, exists, column);
            walk.left = Some(Operand::Other);
            walk.equals = None;
            return self.next(at);
        }
        if let Some(column) = column {
            walk.listed = Some((column, self.close[at].min(end)));
        }
        walk.left = None;
        at + 1
    }

    fn name(&mut self, at: usize, end: usize, walk: &mut Walk) -> usize {
        let word = self.words[at];
        let qualified = self.sign(at + 1, ".") && at + 1 < end;
        if word.kind == Kind::Name && !qualified {
            if word.is("AS") {
                return self.given_name(at + 1, end, walk);
            }
            if word.is("COLLATE") {
                return at + 2;
            }
            if is_value(&word) {
                self.operand(Operand::Other, walk);
                return at + 1;
            }
            if is_operator(&word) {
                return self.operator(at, &word, walk);
            }
        }
        let (parts, after) = self.path(at, end);
        if after < end && self.words[after].sign("*") && self.after_sign(after, ".") {
            self.out.star |= walk.context == Context::List && !self.scopes[walk.scope].exists;
            walk.left = Some(Operand::Other);
            return after + 1;
        }
        if after < end && self.words[after].sign("(") && walk.left.is_none() {
            return self.call(at, &parts, after, walk);
        }
        if walk.left.is_some() {
            // A name behind an operand is its alias, a unit (INTERVAL 1 DAY) or part of an operator (AT TIME ZONE).
            if walk.context == Context::List && !qualified {
                self.scopes[walk.scope].aliases.insert(word.content().to_lowercase());
            }
            return after;
        }
        let named_argument = self.sign(after, "=") && self.sign(after + 1, ">");
        let window = self.is(after, "AS") && self.sign(after + 1, "(") && walk.context == Context::Value;
        let typed = word.kind == Kind::Name && after < end && self.words[after].kind == Kind::Text;
        if named_argument || typed || window {
            return after;
        }
        let role = if matches!(walk.context, Context::Condition | Context::On) { Role::Compared } else { Role::Read };
        match self.column(at, parts, walk.scope, role, None) {
            Some(column) => self.operand(Operand::Column(column), walk),
            None => self.operand(Operand::Other, walk),
        }
        after
    }

    fn operator(&mut self, at: usize, word: &Word<'_>, walk: &mut Walk) -> usize {
        if word.is_any(&["ISNULL", "MOD", "MATCH", "ROW", "GROUPING"]) && self.sign(at + 1, "(") {
            walk.left = None;
            return at + 1;
        }
        let left = walk.left.take();
        walk.equals = None;
        if word.is("IN") && self.is_any(at + 1, &["BOOLEAN", "NATURAL"]) {
            // The mode of a full-text search.
            return self.skip(at + 1, &["BOOLEAN", "NATURAL", "LANGUAGE", "MODE"]);
        }
        match left {
            Some(Operand::Column(column)) if word.is("IN") => walk.before_in = Some(column),
            // `a NOT IN (..)`: the column stays in sight.
            Some(Operand::Column(column)) if word.is("NOT") && self.is(at + 1, "IN") => {
                walk.before_in = Some(column);
                return at + 2;
            }
            _ => {}
        }
        at + 1
    }

    /// The name behind AS.
    fn given_name(&mut self, at: usize, end: usize, walk: &mut Walk) -> usize {
        if at < end && walk.context == Context::List {
            let name = self.words[at].content().to_lowercase();
            self.scopes[walk.scope].aliases.insert(name);
        }
        walk.left = Some(Operand::Other);
        if self.sign(at, "(") { at } else { at + 1 }
    }

    fn call(&mut self, at: usize, parts: &[String], open: usize, walk: &mut Walk) -> usize {
        let word = self.words[at];
        let close = self.close[open];
        if parts.len() > 1 {
            self.out.calls.push(parts.join("."));
        } else if is_aggregate(&word) && !self.is(close + 1, "OVER") {
            self.out.groups = true;
        }
        walk.left = None;
        if self.query[open] {
            return open;
        }
        walk.before_in = None;
        let unit = takes_unit(&word) && self.words.get(open + 1).is_some_and(|word| word.kind == Kind::Name);
        let alone = self.sign(open + 2, ",") || self.is(open + 2, "FROM");
        if unit && alone { open + 2 } else { open + 1 }
    }

    /// Takes in an operand, and what it is compared with.
    fn operand(&mut self, operand: Operand, walk: &mut Walk) {
        if let (Some((column, _)), Operand::Literal(text)) = (walk.listed, &operand) {
            self.columns[column].literals.push(text.clone());
        }
        match (walk.equals.take(), &operand) {
            (Some(Operand::Column(left) | Operand::Wrapped(left)), Operand::Column(right)) => {
                let kind = match walk.context {
                    Context::On => JoinKind::On,
                    _ if self.scopes[walk.scope].exists => JoinKind::Exists,
                    _ => JoinKind::Where,
                };
                self.joins.push(Join { left, right: *right, kind });
            }
            (Some(Operand::Column(column)), Operand::Literal(text)) => self.columns[column].literals.push(text.clone()),
            (Some(Operand::Literal(text)), Operand::Column(column)) => self.columns[*column].literals.push(text),
            _ => {}
        }
        if let (Some(outside), Operand::Column(column), Context::List) = (self.scopes[walk.scope].compared.take(), &operand, walk.context) {
            self.joins.push(Join { left: outside, right: *column, kind: JoinKind::In });
        }
        walk.left = Some(operand);
    }
}
