//! Tables described by objects: columns of Sequelize, schemas of Mongoose, relations of Objection, schemas kept as data.

use super::literals::{entries, entry, last, number, says, text, texts};
use super::models::{Between, NodeModel, Pointer, To};
use crate::base::{Certainty, FileId};
use crate::facts::{Binds, Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Column, Declaration, DeclaredBy, DeclaredTable, ForeignKey, KeyBasis, Told};
use crate::names::FactBase;
use std::collections::BTreeSet;

/// The steps of a chain of calls, first to last, with their names: `a('x').b()` is `a`, `b`.
pub(super) fn chain(facts: &FileFacts, value: ValueId) -> Vec<(&Call, &str)> {
    let mut steps = Vec::new();
    let mut at = value;
    while let Some(call) = facts.as_call(at) {
        let Some(name) = facts.last_name(call.callee) else { break };
        steps.push((call, name));
        match facts.value(call.callee).shape {
            Shape::Member(object, _) => at = object,
            _ => break,
        }
    }
    steps.reverse();
    steps
}

/// `{ total: DataTypes.INTEGER, userId: { type, field, primaryKey, references: { model, key } } }`
pub(super) fn columns(facts: &FileFacts, value: ValueId, model: &mut NodeModel) {
    for (key, described) in entries(facts, value) {
        let name = text(facts, described, "field").map_or_else(|| model.naming.column(key), str::to_owned);
        if entry(facts, described, "type").is_some_and(|kind| last(facts, kind) == Some("VIRTUAL")) {
            continue;
        }
        model.add_property(key, &name, column_type(facts, described));
        if says(facts, described, "primaryKey", "true") {
            model.primary_key.push(name.clone());
        }
        if let Some((to, to_column)) = references(facts, described) {
            model.pointers.push(Pointer { column: name, to: To::Name(to), to_column, line: facts.value(described).line });
        }
    }
}

/// The type that a column is given, as its last word: `DataTypes.STRING(20)` is `STRING`.
pub(super) fn column_type(facts: &FileFacts, described: ValueId) -> Option<String> {
    let kind = entry(facts, described, "type").unwrap_or(described);
    let kind = facts.as_call(kind).map_or(kind, |call| call.callee);
    last(facts, kind).map(str::to_owned)
}

/// `references: { model: 'users', key: 'id' }`, `references: 'users'`, `references: 'users.id'`
pub(super) fn references(facts: &FileFacts, described: ValueId) -> Option<(String, Option<String>)> {
    let target = entry(facts, described, "references")?;
    if let Some(written) = facts.as_literal(target) {
        return Some(match written.split_once('.') {
            Some((table, column)) => (table.to_owned(), Some(column.to_owned())),
            None => (written.to_owned(), text(facts, described, "referencesKey").map(str::to_owned)),
        });
    }
    let model = entry(facts, target, "model").or_else(|| entry(facts, target, "table"))?;
    let model = entry(facts, model, "tableName").unwrap_or(model);
    let key = text(facts, target, "key").or_else(|| text(facts, target, "field"));
    Some((last(facts, model)?.to_owned(), key.map(str::to_owned)))
}

/// The call that makes a schema of Mongoose: written in place, or in a variable of the file.
pub(super) fn mongoose_schema(facts: &FileFacts, value: ValueId, depth: u32) -> Option<&Call> {
    if let Some(call) = facts.as_call(value) {
        return (facts.last_name(call.callee) == Some("Schema")).then_some(call);
    }
    let name = facts.as_name(value).filter(|_| depth == 0)?;
    let bound = facts.bindings_in(None).find(|binding| facts.as_name(binding.target) == Some(name))?;
    mongoose_schema(facts, bound.value?, depth + 1)
}

/// `join: { from: 'orders.userId', to: 'users.id' }` of Objection's relations that keep the key on this side.
pub(super) fn relation_mappings(facts: &FileFacts, class: DefinitionId, model: &mut NodeModel) {
    let values = facts.definition(class).values;
    let described = facts.entries.iter().filter(|entry| values.contains(entry.value.0));
    for described in described.filter(|entry| entry.key.and_then(|key| facts.as_literal(key)) == Some("join")) {
        let (Some(from), Some(to)) = (text(facts, described.value, "from"), text(facts, described.value, "to")) else { continue };
        let (Some((own, column)), Some((other, key))) = (from.split_once('.'), to.split_once('.')) else { continue };
        // The side that points is the one whose other end is a key of its own.
        let line = facts.value(described.value).line;
        if let Some(through) = entry(facts, described.value, "through") {
            if own == model.table {
                let ends = [(through_end(facts, through, "from"), own, column), (through_end(facts, through, "to"), other, key)];
                model.between.extend(between(ends, line));
            }
            continue;
        }
        if own == model.table && (key == "id" || key == "key" || key == "code") && column != "id" {
            let to = To::Name(other.to_owned());
            model.pointers.push(Pointer { column: column.to_owned(), to, to_column: Some(key.to_owned()), line });
        }
    }
}

/// `from: 'orders_labels.orderId'` of `through`: the table in between and its column.
fn through_end<'a>(facts: &'a FileFacts, through: ValueId, key: &str) -> Option<(&'a str, &'a str)> {
    text(facts, through, key)?.split_once('.')
}

/// The table in between and its column, the table that column points at, and the column there.
type End<'a> = (Option<(&'a str, &'a str)>, &'a str, &'a str);

/// The table that a relation through another one needs.
fn between(ends: [End<'_>; 2], line: u32) -> Option<Between> {
    let mut found: Option<Between> = None;
    for (own, to, to_column) in ends {
        let (table, column) = own?;
        let pointer = Pointer { column: column.to_owned(), to: To::Name(to.to_owned()), to_column: Some(to_column.to_owned()), line };
        found
            .get_or_insert_with(|| Between { table: table.to_owned(), line, pointers: Vec::new(), more: Vec::new() })
            .pointers
            .push(pointer);
    }
    found
}

/// Tables kept as data: an exported object of objects whose columns say their `type`. It counts where models or others
/// know at least one of its tables by name.
pub(super) fn tables(base: &FactBase, files: &[FileId], known: &BTreeSet<String>) -> Vec<DeclaredTable> {
    let mut found = Vec::new();
    for file in files {
        let facts = base.facts(*file);
        let exported =
            facts.bindings.iter().filter(|binding| binding.binds == Binds::Export && facts.last_name(binding.target) == Some("default"));
        for value in exported.filter_map(|binding| binding.value) {
            let rows: Vec<(&str, ValueId)> =
                entries(facts, value).into_iter().filter(|(_, table)| describes_columns(facts, *table)).collect();
            if rows.len() >= 3 && rows.iter().any(|(name, _)| known.contains(*name)) {
                found.extend(rows.into_iter().map(|(name, table)| described_table(facts, *file, name, table)));
            }
        }
    }
    found
}

fn describes_columns(facts: &FileFacts, table: ValueId) -> bool {
    let columns = entries(facts, table);
    let typed = columns.iter().filter(|(_, column)| text(facts, *column, "type").is_some()).count();
    typed >= 2 && typed * 2 > columns.len()
}

fn described_table(facts: &FileFacts, file: FileId, name: &str, table: ValueId) -> DeclaredTable {
    let line = facts.value(table).line;
    let mut declared = empty_table(name, Declaration { file, line, by: DeclaredBy::Migration });
    for (column, described) in entries(facts, table) {
        let Some(kind) = text(facts, described, "type") else {
            if column.contains("PRIMARY_KEY") {
                declared.primary_key = texts(facts, described);
            }
            continue;
        };
        let length = ["maxlength", "maxLength", "length"].into_iter().find_map(|key| number(facts, described, key));
        let kind = length.map_or_else(|| kind.to_owned(), |length| format!("{kind}({length})"));
        declared.columns.push(Column { name: column.to_owned(), type_name: Some(kind) });
        if says(facts, described, "primary", "true") || says(facts, described, "primaryKey", "true") {
            declared.primary_key.push(column.to_owned());
        }
        if let Some((to_table, to_column)) = references(facts, described) {
            declared.foreign_keys.push(declared_key(column, &to_table, to_column, file, facts.value(described).line));
        }
    }
    declared
}

/// A table of which only the name is known yet.
pub(super) fn empty_table(name: &str, declared: Declaration) -> DeclaredTable {
    DeclaredTable {
        name: name.to_owned(),
        schema: None,
        model: None,
        declared: vec![declared],
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        polymorphic: Vec::new(),
        told: Told::default(),
    }
}

/// A foreign key of one column that a schema declares.
pub(super) fn declared_key(column: &str, to_table: &str, to_column: Option<String>, file: FileId, line: u32) -> ForeignKey {
    ForeignKey {
        columns: vec![column.to_owned()],
        to_table: to_table.to_owned(),
        to_columns: vec![to_column.unwrap_or_else(|| "id".to_owned())],
        basis: KeyBasis::Declared,
        certainty: Certainty::LITERAL,
        evidence: vec![(file, line, "references")],
    }
}

/// The plural as libraries make it, without their long lists of exceptions.
pub(super) fn plural(name: &str) -> String {
    const IRREGULAR: [(&str, &str); 6] =
        [("person", "people"), ("child", "children"), ("man", "men"), ("status", "statuses"), ("mouse", "mice"), ("datum", "data")];
    const UNCOUNTABLE: [&str; 9] = ["information", "equipment", "money", "species", "series", "fish", "sheep", "news", "media"];
    if !name.is_ascii() {
        return format!("{name}s");
    }
    let lower = name.to_lowercase();
    if UNCOUNTABLE.iter().any(|word| lower.ends_with(word)) {
        return name.to_owned();
    }
    for (one, many) in IRREGULAR {
        if lower.ends_with(one) && !(one == "man" && lower.ends_with("human")) {
            // The first letter stays as it is written.
            return name[..name.len() - one.len() + 1].to_owned() + &many[1..];
        }
    }
    let before = lower.chars().rev().nth(1);
    match lower.chars().last() {
        Some('y') if !before.is_some_and(|letter| "aeiou".contains(letter)) => format!("{}ies", &name[..name.len() - 1]),
        Some('s') if before == Some('s') => format!("{name}es"),
        Some('s') => name.to_owned(),
        Some('x' | 'z') => format!("{name}es"),
        Some('h') if matches!(before, Some('c' | 's')) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn names_are_turned_as_libraries_do() {
        let cases =
            [("user", "users"), ("Category", "Categories"), ("day", "days"), ("box", "boxes"), ("Person", "People"), ("news", "news")];
        for (one, many) in cases {
            assert_eq!(plural(one), many);
        }
    }
}
