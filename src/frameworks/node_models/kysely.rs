//! Migrations of Kysely: chains that build a table, column by column.

use super::described::chain;
use super::literals::texts;
use super::migrations::{Standing, call_line, receiver};
use crate::base::FileId;
use crate::facts::{Call, FileFacts, Shape};

/// The table that a chain of Kysely is about: `db.schema.createTable('orders').addColumn(...)`.
pub(super) fn table(facts: &FileFacts, call: &Call) -> Option<String> {
    let before = receiver(facts, call).filter(|object| facts.as_call(*object).is_some())?;
    let steps = chain(facts, before);
    let (first, name) = steps.first()?;
    let of_schema = || receiver(facts, first).and_then(|object| facts.last_name(object)) == Some("schema");
    let [table] = facts.arguments_of(first) else { return None };
    (matches!(*name, "createTable" | "alterTable") && of_schema()).then(|| facts.as_literal(table.value).map(str::to_owned)).flatten()
}

/// A step of Kysely: `.addColumn('id', 'uuid', (column) => column.primaryKey())`, `.addForeignKeyConstraint(...)`.
pub(super) fn step(standing: &mut Standing, facts: &FileFacts, (file, table): (FileId, &str), call: &Call, method: &str) {
    let arguments = facts.arguments_of(call);
    let literal = |at: usize| arguments.get(at).and_then(|argument| facts.as_literal(argument.value));
    let columns = |at: usize| arguments.get(at).map(|argument| texts(facts, argument.value)).unwrap_or_default();
    match (method, literal(0)) {
        ("addColumn", Some(column)) => {
            standing.add_column(table, column, literal(1).map(str::to_owned));
            let Some(Shape::Inline(described)) = arguments.get(2).map(|argument| facts.value(argument.value).shape) else { return };
            let values = facts.definition(described).values;
            for inner in facts.calls.iter().filter(|inner| values.contains(inner.value.0)) {
                let given = facts.arguments_of(inner).first().and_then(|argument| facts.as_literal(argument.value));
                match (facts.last_name(inner.callee), given.and_then(|given| given.rsplit_once('.'))) {
                    (Some("primaryKey"), _) => standing.primary(table, &[column.to_owned()]),
                    (Some("references"), Some((to_table, to_column))) => {
                        standing.add_key(table, column, to_table, Some(to_column.to_owned()), file, call_line(facts, inner));
                    }
                    _ => {}
                }
            }
        }
        ("addPrimaryKeyConstraint", _) => standing.primary(table, &columns(1)),
        ("addForeignKeyConstraint", _) => {
            if let ([column], Some(to_table), [to_column]) = (&columns(1)[..], literal(2), &columns(3)[..]) {
                standing.add_key(table, column, to_table, Some(to_column.clone()), file, call_line(facts, call));
            }
        }
        ("dropColumn", Some(column)) => standing.drop_column(table, column),
        ("renameColumn", Some(from)) => {
            if let Some(to) = literal(1) {
                standing.rename_column(table, from, to);
            }
        }
        ("renameTo", Some(to)) => standing.rename_table(table, to),
        _ => {}
    }
}
