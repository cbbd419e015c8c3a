//! `Table("name", metadata, Column(...))`: tables without a class, and classes mapped to one by a call.

use super::Mapping;
use super::columns::{add, add_key, empty};
use super::made::MadeKind;
use super::mapped::{Mapped, full_name};
use super::outside;
use super::text::{Known, Place};
use crate::base::FileId;
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::orm::Meant;
use crate::frameworks::tables::{Declaration, DeclaredBy, DeclaredTable};
use crate::names::Named;

/// A table that is written as a call.
#[derive(Clone, Debug)]
pub(super) struct PlainTable {
    /// Its name.
    pub name: String,
    /// The file of the call.
    pub file: FileId,
    /// The call.
    pub call: ValueId,
    /// Its columns and keys.
    pub table: DeclaredTable,
}

impl PlainTable {
    /// Its name with its schema.
    pub(super) fn full_name(&self) -> String {
        full_name(self.table.schema.as_deref(), &self.name)
    }
}

impl Mapping<'_> {
    /// Finds the tables a file makes while it is loaded; those of functions belong to no model.
    pub(super) fn add_plain_tables(&mut self, file: FileId) {
        let facts = self.classes.base.facts(file);
        let calls: Vec<Call> =
            facts.calls.iter().filter(|call| facts.last_name(call.callee).is_some_and(|last| last.ends_with("Table"))).copied().collect();
        for call in calls {
            let owner = facts.owner_of(call.value);
            if facts.runs_lazily(owner) {
                continue;
            }
            let at = Place { file, owner };
            if let Some(table) = self.read_plain(at, &call) {
                self.plain.push(PlainTable { name: table.name.clone(), file, call: call.value, table });
            }
        }
    }

    fn read_plain(&self, at: Place, call: &Call) -> Option<DeclaredTable> {
        let facts = self.classes.base.facts(at.file);
        let by_library = self.classes.meant(at.file, at.owner, call.callee).iter().any(|meant| match meant {
            Meant::Outside(name) => outside::is_sqlalchemy(name) && name.ends_with(".Table"),
            Meant::Ours(..) => false,
        });
        let extension = matches!(facts.value(call.callee).shape, Shape::Member(object, _) if facts.last_name(object) == Some("db"));
        if !by_library && !extension {
            return None;
        }
        let known = Known::default();
        let name = self.text(at, facts.argument(call, 0, "name")?, &known)?;
        // By custom such a table lives for one run only.
        if name.starts_with("tmp_") || name.starts_with("temp_") {
            return None;
        }
        let schema = facts.argument(call, usize::MAX, "schema").and_then(|value| self.text(at, value, &known));
        let declared = Declaration { file: at.file, line: call.span.line, by: DeclaredBy::Orm };
        let mut table = empty(name, schema, declared);
        for argument in facts.arguments_of(call).iter().skip(1).filter(|argument| argument.name.is_none()) {
            self.add_element(at, facts, argument.value, &mut table);
        }
        (!table.columns.is_empty()).then_some(table)
    }

    fn add_element(&self, at: Place, facts: &FileFacts, value: ValueId, table: &mut DeclaredTable) {
        let Some(call) = facts.as_call(value) else { return };
        let known = Known::default();
        let place = (at.file, call.span.line);
        let literals = |value| -> Option<Vec<String>> {
            let Shape::List(parts) = facts.value(value).shape else { return None };
            facts.items(parts).iter().map(|part| self.text(at, *part, &known)).collect()
        };
        match facts.last_name(call.callee) {
            Some("ForeignKeyConstraint") => {
                let from = facts.argument(call, 0, "columns").and_then(literals);
                let to = facts.argument(call, 1, "refcolumns").and_then(|value| match facts.value(value).shape {
                    Shape::List(parts) => facts.items(parts).iter().map(|part| self.reference(at, *part, &known)).collect(),
                    _ => None,
                });
                if let (Some(from), Some(to)) = (from, to) {
                    add_key(from, to, place, table);
                }
            }
            Some("PrimaryKeyConstraint") => {
                let positional = facts.arguments_of(call).iter().filter(|argument| argument.name.is_none());
                let columns: Option<Vec<String>> = positional.map(|argument| self.text(at, argument.value, &known)).collect();
                table.primary_key = columns.filter(|columns| !columns.is_empty()).unwrap_or(std::mem::take(&mut table.primary_key));
            }
            _ => {
                let made = self.made(at, value, &known).filter(|made| made.kind == MadeKind::Column);
                if let Some(read) = made.and_then(|made| self.read_column(&made, None)) {
                    add(read, place, table);
                }
            }
        }
    }

    /// The plain table an expression is: the call itself, or a variable that holds it.
    pub(super) fn plain_table(&self, at: Place, value: ValueId) -> Option<usize> {
        let facts = self.classes.base.facts(at.file);
        let (file, call) = match facts.value(value).shape {
            Shape::Call(_) => (at.file, value),
            Shape::Name(name) => {
                let local = at.owner.map_or(&[][..], |owner| self.classes.locals(at.file).of_name(Some(owner), name));
                match local.last() {
                    Some(bound) => (at.file, facts.bindings[bound.binding as usize].value?),
                    None => self.variable(at, value)?,
                }
            }
            Shape::Member(..) => self.variable(at, value)?,
            _ => return None,
        };
        self.plain.iter().position(|table| table.file == file && table.call == call)
    }

    fn variable(&self, at: Place, value: ValueId) -> Option<(FileId, ValueId)> {
        let base = self.classes.base;
        let Named::Variable(home, name) = self.classes.names.named(base, at.file, at.owner, value) else { return None };
        let bound = self.classes.locals(home).of_name(None, name).last()?;
        Some((home, base.facts(home).bindings[bound.binding as usize].value?))
    }

    /// `registry.map_imperatively(Order, order_table)`, `mapper(Order, order_table)`; often inside a start-up function.
    pub(super) fn add_imperative(&mut self, file: FileId) {
        let facts = self.classes.base.facts(file);
        for call in &facts.calls {
            if !matches!(facts.last_name(call.callee), Some("map_imperatively" | "mapper")) {
                continue;
            }
            let at = Place { file, owner: facts.owner_of(call.value) };
            let (Some(class), Some(table)) = (facts.argument(call, 0, "class_"), facts.argument(call, 1, "local_table")) else {
                continue;
            };
            let Some(class) = self.class_at(at, class, &Known::default()) else { continue };
            let Some(place) = self.plain_table(at, table) else { continue };
            let row = &self.plain[place];
            let lineage = self.classes.lineage(class);
            let mapped = Mapped {
                table: row.name.clone(),
                schema: row.table.schema.clone(),
                parent: None,
                shares: false,
                plain: Some(place),
                lineage,
            };
            self.mapped.entry(class).or_insert(mapped);
            let theirs = self.classes.base.facts(class.0);
            self.by_name.entry(theirs.text(theirs.definition(class.1).name).to_owned()).or_default().push(class);
            self.bodies.entry(class).or_default();
            self.add_properties(at, facts.argument(call, usize::MAX, "properties"), class);
        }
    }

    /// `properties={"lines": relationship(Line)}`.
    fn add_properties(&mut self, at: Place, properties: Option<ValueId>, class: crate::frameworks::orm::ClassId) {
        let facts = self.classes.base.facts(at.file);
        let Some(Shape::Map(entries)) = properties.map(|value| facts.value(value).shape) else { return };
        let mut parts = Vec::new();
        for entry in &facts.entries[entries.range()] {
            let Some(name) = entry.key.and_then(|key| facts.as_literal(key)) else { continue };
            let Some(made) = self.made(at, entry.value, &Known::default()) else { continue };
            let line = facts.value(entry.value).line;
            let kind = super::body::PartKind::Made(made);
            parts.push(super::body::Part { name: name.to_owned(), file: at.file, line, kind, annotation: None });
        }
        if let Some(body) = self.bodies.get_mut(&class) {
            body.parts.extend(parts);
        }
    }
}
