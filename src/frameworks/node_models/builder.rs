//! Chains of calls, and which of them begin at a table of Knex.

use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::tables::Operation;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// For every value that a method is called on: the call.
pub(super) struct Chains<'a> {
    next: FxHashMap<ValueId, &'a Call>,
}

/// Longer chains are no one's.
const LONGEST: usize = 200;

impl<'a> Chains<'a> {
    pub(super) fn of(facts: &'a FileFacts) -> Self {
        let on = |call: &'a Call| match facts.value(call.callee).shape {
            Shape::Member(object, _) => Some((object, call)),
            _ => None,
        };
        Self { next: facts.calls.iter().filter_map(on).collect() }
    }

    /// The methods that are called on a value, one after the other.
    pub(super) fn steps_after(&self, facts: &'a FileFacts, value: ValueId) -> Vec<&'a str> {
        let mut steps = Vec::new();
        let mut at = value;
        while let Some(call) = self.next.get(&at).filter(|_| steps.len() < LONGEST) {
            steps.extend(facts.last_name(call.callee));
            at = call.value;
        }
        steps
    }

    /// The method that is called on a value.
    pub(super) fn after(&self, value: ValueId) -> Option<&'a Call> {
        self.next.get(&value).copied()
    }

    /// True where a method is called on a value.
    fn goes_on(&self, value: ValueId) -> bool {
        self.next.contains_key(&value)
    }
}

/// `path.join('users')`, `Array.from('users')`: no tables are joined there.
pub(super) fn is_no_query(facts: &FileFacts, call: &Call) -> bool {
    match facts.value(call.callee).shape {
        Shape::Member(object, _) => facts.as_name(object).is_some_and(|name| matches!(facts.text(name), "Array" | "Buffer" | "path" | "_")),
        _ => true,
    }
}

/// The table that a call of Knex begins with: `knex('orders')`, `db.knex('orders as o')`, `trx('orders')`.
///
/// Callees with a name that says less (`trx`, `db`) count for tables that are declared, where the chain goes on.
pub(super) fn knex_table(facts: &FileFacts, call: &Call, chains: &Chains<'_>, declared: &BTreeSet<String>) -> Option<String> {
    let first = facts.arguments_of(call).first()?;
    let table = bare_table(facts, first.value)?;
    let known = declared.contains(table);
    let callee = match facts.value(call.callee).shape {
        Shape::Name(name) | Shape::Member(_, name) => facts.text(name).to_lowercase(),
        // `(options.transacting || knex)('orders')`
        Shape::Choice(_) => "knex".to_owned(),
        _ => return None,
    };
    let is_knex = callee.ends_with("knex") || callee == "queryinterface";
    let may_be = matches!(callee.as_str(), "trx" | "transaction" | "transacting" | "t" | "db" | "qb" | "tx");
    (is_knex && is_name(table) || may_be && known && chains.goes_on(call.value)).then(|| table.to_owned())
}

/// The table that a call of Kysely begins or goes on with: `selectFrom('orders')`, and whether it is written.
pub(super) fn kysely_table<'a>(facts: &'a FileFacts, call: &Call) -> Option<(&'a str, Operation)> {
    let Shape::Member(_, method) = facts.value(call.callee).shape else { return None };
    let operation = match facts.text(method) {
        "selectFrom" => Operation::Read,
        "insertInto" | "updateTable" | "deleteFrom" | "replaceInto" | "mergeInto" => Operation::Write,
        _ => return None,
    };
    let table = bare_table(facts, facts.arguments_of(call).first()?.value).filter(|table| is_name(table))?;
    Some((table, operation))
}

/// The table of `'orders as o'`, `'orders'`, `{ o: 'orders' }`.
pub(super) fn bare_table(facts: &FileFacts, value: ValueId) -> Option<&str> {
    let text = match facts.value(value).shape {
        Shape::Literal(text) => facts.text(text),
        Shape::Map(entries) => match &facts.entries[entries.range()] {
            [only] => facts.as_literal(only.value)?,
            _ => return None,
        },
        _ => return None,
    };
    text.split_whitespace().next()
}

/// A plain name, as tables have.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}
