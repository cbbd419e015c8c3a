//! Joins as query builders write them, the columns as texts: `join('customers', 'customers.id', '=', 'orders.customer_id')`.

use crate::base::{FileId, Tag};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{ColumnName, JoinedColumns};
use crate::names::FactBase;

/// Methods that take two columns to be equal; whoever has other methods of that name hands them no columns with their tables.
const METHODS: [&str; 15] = [
    "join",
    "leftJoin",
    "rightJoin",
    "innerJoin",
    "outerJoin",
    "leftOuterJoin",
    "rightOuterJoin",
    "fullOuterJoin",
    "joinRelated",
    "on",
    "andOn",
    "orOn",
    "onIn",
    "whereColumn",
    "orWhereColumn",
];

/// Every such join of the application. Names of tables are checked where tables are put together.
pub(super) fn by_builders(base: &FactBase, out: &mut Vec<JoinedColumns>) {
    for file in base.ids().filter(|file| !base.file(*file).left_out && !base.file(*file).tags.contains(Tag::Migration)) {
        let facts = base.facts(file);
        for call in facts.calls.iter().filter(|call| facts.last_name(call.callee).is_some_and(|name| METHODS.contains(&name))) {
            of_call(facts, file, call, out);
        }
    }
}

fn of_call(facts: &FileFacts, file: FileId, call: &Call, out: &mut Vec<JoinedColumns>) {
    let arguments: Vec<ValueId> = facts.arguments_of(call).iter().map(|argument| argument.value).collect();
    let alias = arguments.first().and_then(|first| alias(facts.as_literal(*first)?));
    let mut add = |left: ValueId, right: ValueId| {
        let (Some(left), Some(right)) = (column(facts, left, alias), column(facts, right, alias)) else { return };
        if left.table != right.table {
            out.push(JoinedColumns { file, line: call.span.line, left, right, how: "join" });
        }
    };
    let texts: Vec<ValueId> = arguments.iter().copied().filter(|value| facts.as_literal(*value).is_some()).collect();
    let is_equal = |value: ValueId| facts.as_literal(value).is_some_and(|text| matches!(text.trim(), "=" | "=="));
    match texts.as_slice() {
        [.., left, operator, right] if is_equal(*operator) => add(*left, *right),
        [.., left, right] => add(*left, *right),
        _ => {}
    }
    for value in arguments {
        let Shape::Map(entries) = facts.value(value).shape else { continue };
        for entry in &facts.entries[entries.range()] {
            if let Some(key) = entry.key {
                add(key, entry.value);
            }
        }
    }
}

/// `customers as c`: the table and its other name.
fn alias(written: &str) -> Option<(&str, &str)> {
    let mut words = written.split_whitespace();
    match (words.next()?, words.next()?, words.next(), words.next()) {
        (table, by, Some(alias), None) if by.eq_ignore_ascii_case("as") => Some((table, alias)),
        (table, alias, None, None) => Some((table, alias)),
        _ => None,
    }
}

/// `orders.customer_id`
fn column(facts: &FileFacts, value: ValueId, alias: Option<(&str, &str)>) -> Option<ColumnName> {
    let (table, column) = facts.as_literal(value)?.rsplit_once('.')?;
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    let table = alias.filter(|(_, other)| *other == table).map_or(table, |(table, _)| table);
    (is_name(table) && is_name(column)).then(|| ColumnName { table: table.to_owned(), column: column.to_owned() })
}
