//! One statement that is still growing: the tables and columns its calls name.

use super::accesses::Scan;
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{AttributeKind, ClassId, Place};
use crate::frameworks::tables::{ColumnName, JoinedColumns, Operation};

/// How deep the arguments of a call are looked through.
const DEEPEST: u32 = 14;

/// A statement or query, and the calls that made it longer.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub place: Place,
    pub line: u32,
    pub end_line: u32,
    pub operation: Operation,
    pub verb: String,
    /// The class that keywords of its calls are columns of.
    pub class: Option<ClassId>,
    /// Tables in the order they are named; the first is what is written.
    pub tables: Vec<String>,
    /// How many of them the statement itself is about; the others are only read.
    pub own: usize,
    /// Columns with their table.
    pub columns: Vec<(String, String)>,
    pub sure: u8,
}

impl Statement {
    /// One that begins at a call.
    pub(super) fn begin(call: &Call, place: Place, operation: Operation, verb: &str) -> Self {
        Self {
            place,
            line: call.span.line,
            end_line: call.span.end_line,
            operation,
            verb: verb.to_owned(),
            class: None,
            tables: Vec::new(),
            own: 1,
            columns: Vec::new(),
            sure: 95,
        }
    }

    /// Notes a table once.
    pub(super) fn add_table(&mut self, table: String) {
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
    }
}

impl Scan<'_, '_> {
    /// Everything the arguments of a call name.
    pub(super) fn arguments(&mut self, call: &Call, statement: &mut Statement) {
        let facts = self.facts;
        let verb = facts.last_name(call.callee).unwrap_or("");
        for argument in facts.arguments_of(call) {
            if let (Some(name), Some(class)) = (argument.name, statement.class)
                && matches!(verb, "filter_by" | "values" | "update" | "set_" | "get_or_404" | "first_or_404")
            {
                self.column(class, facts.text(name), statement);
            }
            // A plain table's columns are the keywords themselves.
            if let (Some(name), "values", None, [table]) = (argument.name, verb, statement.class, statement.tables.as_slice()) {
                statement.columns.push((table.clone(), facts.text(name).to_owned()));
            }
            self.names(argument.value, matches!(verb, "values" | "update"), statement, DEEPEST);
        }
    }

    /// Classes, columns, relationships and statements inside an expression; keys of maps are columns where `keyed`.
    fn names(&mut self, value: ValueId, keyed: bool, statement: &mut Statement, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        if let Some(inner) = self.take(value) {
            // A subquery is part of its statement.
            inner.tables.into_iter().for_each(|table| statement.add_table(table));
            statement.columns.extend(inner.columns);
            return;
        }
        let facts = self.facts;
        match facts.value(value).shape {
            Shape::Name(_) => self.table_named(value, statement),
            Shape::Member(object, name) => {
                if let Some(table) = self.plain_column(object) {
                    statement.columns.push((table.clone(), facts.text(name).to_owned()));
                    statement.add_table(table);
                } else if let Some(class) = self.class_at(object, statement.place) {
                    self.attribute(class, facts.text(name), statement);
                } else if let Some(table) = self.foreign_at(object, statement.place) {
                    statement.columns.push((table.clone(), facts.text(name).to_owned()));
                    statement.add_table(table);
                } else if self.class_at(value, statement.place).is_some() || self.foreign_at(value, statement.place).is_some() {
                    self.table_named(value, statement);
                } else {
                    self.names(object, false, statement, left);
                }
            }
            Shape::Call(_) => {
                let Some(call) = facts.as_call(value).copied() else { return };
                if let Shape::Member(object, _) = facts.value(call.callee).shape {
                    self.names(object, false, statement, left);
                }
                for argument in facts.arguments_of(&call) {
                    self.names(argument.value, false, statement, left);
                }
            }
            Shape::Map(entries) => {
                for entry in &facts.entries[entries.range()] {
                    match entry.key {
                        Some(key) if keyed && facts.as_literal(key).is_some() => {
                            if let (Some(class), Some(name)) = (statement.class, facts.as_literal(key)) {
                                self.column(class, name, statement);
                            }
                        }
                        Some(key) => self.names(key, false, statement, left),
                        None => {}
                    }
                    self.names(entry.value, false, statement, left);
                }
            }
            Shape::List(parts) | Shape::Other(parts) | Shape::Choice(parts) => {
                if let (Shape::Other(_), [left, right]) = (facts.value(value).shape, facts.items(parts)) {
                    self.equal((*left, *right), statement);
                }
                facts.items(parts).iter().for_each(|part| self.names(*part, keyed, statement, left));
            }
            Shape::Joined(first, second) => {
                self.names(first, false, statement, left);
                self.names(second, false, statement, left);
            }
            Shape::Item(object, _) => self.names(object, false, statement, left),
            _ => {}
        }
    }

    /// A class or plain table by itself.
    fn table_named(&mut self, value: ValueId, statement: &mut Statement) {
        if let Some(class) = self.class_at(value, statement.place) {
            self.class_named(class, statement);
        } else if let Some(table) = self.foreign_at(value, statement.place) {
            statement.add_table(table);
        } else if let Some(table) = self.plain_table(value) {
            statement.add_table(table);
        }
    }

    /// The first class is what the statement is about; one without a table of its own stands for those below it.
    fn class_named(&mut self, class: ClassId, statement: &mut Statement) {
        let tables = self.tables_of(class);
        if statement.tables.is_empty() {
            statement.own = tables.len().max(1);
        }
        if tables.len() > 1 {
            statement.sure = statement.sure.min(70);
        }
        statement.class = statement.class.or(Some(class));
        tables.into_iter().for_each(|table| statement.add_table(table));
    }

    /// `Order.total`, `Order.customer`.
    fn attribute(&mut self, class: ClassId, name: &str, statement: &mut Statement) {
        self.class_named(class, statement);
        match self.types.entities.attribute(class, name).map(|attribute| attribute.kind.clone()) {
            Some(AttributeKind::Column(_)) => self.column(class, name, statement),
            Some(AttributeKind::Relation(relation)) => {
                let others = relation.class.map_or_else(|| relation.table.iter().cloned().collect(), |other| self.tables_of(other));
                others.into_iter().chain(relation.join_table).for_each(|table| statement.add_table(table));
            }
            _ => {}
        }
    }

    fn column(&self, class: ClassId, name: &str, statement: &mut Statement) {
        if let Some(AttributeKind::Column(column)) = self.types.entities.attribute(class, name).map(|attribute| &attribute.kind)
            && let Some(table) = self.tables_of(class).first()
        {
            statement.columns.push((table.clone(), column.clone()));
        }
    }

    /// `Line.order_id == Order.id`: which operator stands between them is not known, but keys are compared for nothing else.
    fn equal(&mut self, (left, right): (ValueId, ValueId), statement: &Statement) {
        let place = statement.place;
        let (Some(left), Some(right)) = (self.column_at(left, place), self.column_at(right, place)) else { return };
        let is_key = |name: &ColumnName| name.column.eq_ignore_ascii_case("id") || name.column.ends_with("_id");
        if left.table != right.table && (left.column == right.column || is_key(&left) || is_key(&right)) {
            let (file, line) = (self.file, statement.line);
            self.joined.push(JoinedColumns { file, line, left, right, how: "join" });
        }
    }

    /// The column that an attribute of a class is.
    fn column_at(&self, value: ValueId, place: Place) -> Option<ColumnName> {
        let Shape::Member(object, name) = self.facts.value(value).shape else { return None };
        let class = self.class_at(object, place)?;
        let AttributeKind::Column(column) = &self.types.entities.attribute(class, self.facts.text(name))?.kind else { return None };
        let [table] = self.tables_of(class).try_into().ok()?;
        Some(ColumnName { table, column: column.clone() })
    }

    /// The plain table behind `table.c`.
    fn plain_column(&self, object: ValueId) -> Option<String> {
        match self.facts.value(object).shape {
            Shape::Member(table, by) if matches!(self.facts.text(by), "c" | "columns") => self.plain_table(table),
            _ => None,
        }
    }
}

/// True for the name of a session, by custom or by its written type.
pub(super) fn is_session(facts: &FileFacts, place: Place, value: ValueId) -> bool {
    let value = facts.as_call(value).map_or(value, |call| call.callee);
    let Some(name) = facts.last_name(value) else { return false };
    if name.to_lowercase().ends_with("session") || matches!(name, "db" | "sess" | "async_db") {
        return true;
    }
    let mut at = place.owner;
    while let Some(scope) = at {
        let header = facts.definition(scope);
        let parameters = &facts.parameters[header.parameters.range()];
        if let Some(parameter) = parameters.iter().find(|parameter| facts.text(parameter.name) == name) {
            let written = parameter.annotation.and_then(|annotation| facts.last_name(annotation));
            return written.is_some_and(|written| written.ends_with("Session"));
        }
        at = header.owner;
    }
    false
}
