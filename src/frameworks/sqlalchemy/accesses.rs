//! Reads and writes through SQLAlchemy: queries, statements, sessions, and rows whose attributes are set.
//!
//! One chain of calls is one statement: `select(Order).join(Customer).where(...)` reads both tables where it is written,
//! wherever it is run. What a row's relationships read is found where expressions are followed in general.

use super::statements::{Statement, is_session};
use super::{Plain, outside};
use crate::base::{Certainty, FileId, Tag};
use crate::facts::{Binding, Binds, Call, FileFacts, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::{AttributeKind, ClassId, Form, Meant, Place, Places, Relation, Types, What};
use crate::frameworks::tables::{AccessBy, JoinedColumns, Operation, TableAccess};
use crate::names::Named;
use rustc_hash::FxHashMap;

/// What a session does with rows that are handed to it.
const SESSION: [(&str, Operation); 9] = [
    ("add", Operation::Write),
    ("add_all", Operation::Write),
    ("merge", Operation::Write),
    ("delete", Operation::Write),
    ("bulk_save_objects", Operation::Write),
    ("bulk_insert_mappings", Operation::Write),
    ("bulk_update_mappings", Operation::Write),
    ("refresh", Operation::Read),
    ("get", Operation::Read),
];

/// Methods of a collection that change which rows belong to it.
const COLLECTION: [&str; 6] = ["append", "remove", "extend", "add", "clear", "insert"];

/// Where it goes.
pub(in crate::frameworks) struct Out<'a> {
    pub accesses: &'a mut Vec<TableAccess>,
    pub joined: &'a mut Vec<JoinedColumns>,
    pub open: &'a mut Vec<OpenCall>,
}

/// Collects the accesses of every file of the application.
pub(in crate::frameworks) fn collect(types: &Types<'_>, plain: &Plain, out: &mut Out<'_>) {
    if plain.is_empty() && !types.entities.rows.values().any(|entity| entity.by_session) {
        return;
    }
    for file in types.classes.base.ids() {
        let entry = types.classes.base.file(file);
        if entry.left_out || entry.tags.contains(Tag::Migration) {
            continue;
        }
        of_file(types, plain, file, out);
    }
}

fn of_file(types: &Types<'_>, plain: &Plain, file: FileId, out: &mut Out<'_>) {
    let facts = types.classes.base.facts(file);
    let set: FxHashMap<ValueId, &Binding> = facts.bindings.iter().map(|binding| (binding.target, binding)).collect();
    let mut scan = Scan {
        types,
        plain,
        file,
        facts,
        open: FxHashMap::default(),
        order: Vec::new(),
        next: FxHashMap::default(),
        out: &mut *out.accesses,
        joined: &mut *out.joined,
        unknown: &mut *out.open,
    };
    let mut places = Places::of(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let id = ValueId(index);
        match value.shape {
            Shape::Call(call) => {
                let place = places.place(id);
                scan.call(&facts.calls[call.0 as usize], place);
            }
            Shape::Member(object, name) => {
                let place = places.place(id);
                match set.get(&id) {
                    Some(binding) => scan.set_attribute(binding, object, facts.text(name), place),
                    None if facts.text(name) == "query" => scan.query_of(id, object, place),
                    None => {}
                }
            }
            _ => {}
        }
    }
    scan.flush();
}

/// One file's statements.
pub(super) struct Scan<'a, 'b> {
    pub types: &'a Types<'a>,
    plain: &'a Plain,
    pub file: FileId,
    pub facts: &'a FileFacts,
    /// Statements by the value that may still be made longer.
    open: FxHashMap<ValueId, Statement>,
    order: Vec<ValueId>,
    next: FxHashMap<u32, u32>,
    out: &'b mut Vec<TableAccess>,
    pub joined: &'b mut Vec<JoinedColumns>,
    unknown: &'b mut Vec<OpenCall>,
}

impl Scan<'_, '_> {
    /// `Order.query` (Flask-SQLAlchemy).
    fn query_of(&mut self, value: ValueId, object: ValueId, place: Place) {
        let Some(class) = self.class_at(object, place) else { return };
        let tables = self.tables_of(class);
        let line = self.facts.value(value).line;
        let statement = Statement {
            place,
            line,
            end_line: line,
            operation: Operation::Read,
            verb: "query".to_owned(),
            class: Some(class),
            own: tables.len().max(1),
            columns: Vec::new(),
            sure: if tables.len() > 1 { 70 } else { 95 },
            tables,
        };
        self.keep(value, statement);
    }

    fn call(&mut self, call: &Call, place: Place) {
        let facts = self.facts;
        let Shape::Member(object, name) = facts.value(call.callee).shape else {
            return self.begin(call, place);
        };
        let method = facts.text(name);
        if let Some(mut statement) = self.take(object) {
            statement.end_line = call.span.end_line;
            if matches!(method, "update" | "delete") {
                statement.operation = Operation::Write;
                method.clone_into(&mut statement.verb);
            }
            self.arguments(call, &mut statement);
            return self.keep(call.value, statement);
        }
        if let Some(table) = self.plain_table(object)
            && matches!(method, "insert" | "update" | "delete" | "select")
        {
            let operation = if method == "select" { Operation::Read } else { Operation::Write };
            let mut statement = Statement::begin(call, place, operation, method);
            statement.add_table(table);
            return self.keep(call.value, statement);
        }
        if let Some((_, operation)) = SESSION.iter().find(|(known, _)| *known == method)
            && is_session(facts, place, object)
        {
            return self.session(call, object, method, *operation, place);
        }
        if COLLECTION.contains(&method) && self.collection(call, object, method, place) {
            return;
        }
        self.longer(call, object, method, place);
        self.begin(call, place);
    }

    /// `select(Order)`, `update(Order)`, `session.query(Order)`.
    fn begin(&mut self, call: &Call, place: Place) {
        let facts = self.facts;
        let Some(written) = facts.last_name(call.callee) else { return };
        let last = if written == "query" && matches!(facts.value(call.callee).shape, Shape::Member(..)) {
            "query".to_owned()
        } else {
            let meant = self.types.classes.meant(self.file, place.owner, call.callee);
            let library = meant.into_iter().find_map(|meant| match meant {
                Meant::Outside(name) if outside::is_sqlalchemy(&name) => name.rsplit('.').next().map(str::to_owned),
                _ => None,
            });
            let Some(last) = library else { return };
            last
        };
        let operation = match last.as_str() {
            "query" | "select" => Operation::Read,
            "insert" | "update" | "delete" => Operation::Write,
            _ => return,
        };
        let mut statement = Statement::begin(call, place, operation, &last);
        self.arguments(call, &mut statement);
        if !statement.tables.is_empty() {
            self.keep(call.value, statement);
        }
    }

    /// A query in a variable grows: what it is joined with is read here, and what it changes is written here.
    fn longer(&mut self, call: &Call, object: ValueId, method: &str, place: Place) {
        if !matches!(method, "join" | "outerjoin" | "options" | "select_from" | "update" | "delete") {
            return;
        }
        let of = self.types.of(self.file, place.owner, object);
        let What::Set(class, _) = of.what else { return };
        if !self.types.by_session(class) {
            return;
        }
        let writes = matches!(method, "update" | "delete");
        let mut statement = Statement::begin(call, place, if writes { Operation::Write } else { Operation::Read }, method);
        statement.class = Some(class);
        statement.sure = of.sure.min(90);
        let own = self.tables_of(class);
        if writes {
            statement.tables.clone_from(&own);
        }
        self.arguments(call, &mut statement);
        if !writes {
            statement.tables.retain(|table| !own.contains(table));
        }
        if !statement.tables.is_empty() {
            self.keep(call.value, statement);
        }
    }

    /// `session.add(order)`, `session.get(Order, 1)`.
    fn session(&mut self, call: &Call, object: ValueId, method: &str, operation: Operation, place: Place) {
        let facts = self.facts;
        let Some(first) = facts.arguments_of(call).first().filter(|argument| !argument.spread) else { return };
        let values = match facts.value(first.value).shape {
            Shape::List(parts) => facts.items(parts).to_vec(),
            _ => vec![first.value],
        };
        let mut statement = Statement::begin(call, place, operation, method);
        for value in values {
            let of = self.types.of(self.file, place.owner, value);
            let (What::Class(class) | What::Instance(class) | What::Set(class, _)) = of.what else { continue };
            if self.types.by_session(class) {
                statement.sure = statement.sure.min(of.sure);
                self.tables_of(class).into_iter().for_each(|table| statement.add_table(table));
            }
        }
        if !statement.tables.is_empty() {
            // Each of the rows is written, not only the first table.
            for table in std::mem::take(&mut statement.tables) {
                let one = Statement { tables: vec![table], ..statement.clone() };
                self.write_down(one);
            }
        } else if operation == Operation::Write {
            let receiver = facts.dotted(object).unwrap_or_else(|| "a session".to_owned());
            self.unknown.push(OpenCall {
                file: self.file,
                line: call.span.line,
                kind: "table",
                text: format!("{receiver}.{method}()"),
                reason: "which mapped class this is cannot be told from the code around it".to_owned(),
            });
        }
    }

    /// `order.lines.append(line)`: the other side's key, or a row in between.
    fn collection(&mut self, call: &Call, object: ValueId, method: &str, place: Place) -> bool {
        let facts = self.facts;
        let Shape::Member(row, name) = facts.value(object).shape else { return false };
        let of = self.types.of(self.file, place.owner, row);
        let What::Instance(class) = of.what else { return false };
        if !self.types.by_session(class) {
            return false;
        }
        let Some(attribute) = self.types.entities.attribute(class, facts.text(name)) else { return false };
        let AttributeKind::Relation(relation) = &attribute.kind else { return false };
        for table in self.far_side(relation) {
            let mut statement = Statement::begin(call, place, Operation::Write, method);
            statement.sure = of.sure.min(90);
            statement.add_table(table);
            self.write_down(statement);
        }
        true
    }

    /// The table that changes when rows join or leave a collection.
    fn far_side(&self, relation: &Relation) -> Vec<String> {
        match (&relation.join_table, relation.class) {
            (Some(table), _) => vec![table.clone()],
            (None, Some(other)) => self.tables_of(other),
            (None, None) => relation.table.iter().cloned().collect(),
        }
    }

    /// `order.status = "paid"`: the session stores it when it is flushed.
    fn set_attribute(&mut self, binding: &Binding, object: ValueId, name: &str, place: Place) {
        if !matches!(binding.binds, Binds::Assign | Binds::Augment) {
            return;
        }
        let facts = self.facts;
        let around = facts.function_around(place.owner).map(|function| facts.text(facts.definition(function).name));
        // Making a row is counted where it is made.
        if around == Some("__init__") {
            return;
        }
        let of = self.types.of(self.file, place.owner, object);
        let What::Instance(class) = of.what else { return };
        if !self.types.by_session(class) {
            return;
        }
        let (tables, column) = match self.types.entities.attribute(class, name).map(|attribute| attribute.kind.clone()) {
            Some(AttributeKind::Column(column)) => (self.tables_of(class), Some(column)),
            Some(AttributeKind::Relation(relation)) if relation.many => (self.far_side(&relation), None),
            Some(AttributeKind::Relation(relation)) if relation.column.is_some() => (self.tables_of(class), relation.column),
            _ => return,
        };
        let [table] = tables.as_slice() else { return };
        let line = binding.line;
        let statement = Statement {
            place,
            line,
            end_line: line,
            operation: Operation::Write,
            verb: "set".to_owned(),
            class: None,
            own: 1,
            tables: tables.clone(),
            columns: column.into_iter().map(|column| (table.clone(), column)).collect(),
            sure: of.sure.min(80),
        };
        self.write_down(statement);
    }

    /// The mapped class an expression names.
    pub(super) fn class_at(&self, value: ValueId, place: Place) -> Option<ClassId> {
        let value = match self.facts.value(value).shape {
            Shape::Member(object, name) if self.facts.text(name) == "__table__" => object,
            Shape::Name(_) | Shape::Member(..) => value,
            _ => return None,
        };
        match self.types.of(self.file, place.owner, value).what {
            What::Class(class) if self.types.by_session(class) => Some(class),
            _ => None,
        }
    }

    /// The table of a library's mapped class that an expression names.
    pub(super) fn foreign_at(&self, value: ValueId, place: Place) -> Option<String> {
        if !matches!(self.facts.value(value).shape, Shape::Name(_) | Shape::Member(..)) {
            return None;
        }
        match self.types.of(self.file, place.owner, value).what {
            What::Foreign(table, Form::Class, _) => Some(table),
            _ => None,
        }
    }

    /// The tables behind a class; none where they are too many to say anything of one.
    pub(super) fn tables_of(&self, class: ClassId) -> Vec<String> {
        let tables = self.types.entities.tables(class);
        if tables.len() > MOST { Vec::new() } else { tables.into_iter().map(str::to_owned).collect() }
    }

    /// The plain table a variable holds.
    pub(super) fn plain_table(&self, value: ValueId) -> Option<String> {
        if self.plain.is_empty() || !matches!(self.facts.value(value).shape, Shape::Name(_) | Shape::Member(..)) {
            return None;
        }
        let classes = self.types.classes;
        let Named::Variable(home, name) = classes.names.named(classes.base, self.file, None, value) else { return None };
        let bound = classes.locals(home).of_name(None, name).last()?;
        let call = classes.base.facts(home).bindings[bound.binding as usize].value?;
        self.plain.get(&(home, call)).cloned()
    }

    /// The statement that ends at a value, for whoever makes it longer.
    pub(super) fn take(&mut self, value: ValueId) -> Option<Statement> {
        self.open.remove(&value)
    }

    fn keep(&mut self, value: ValueId, statement: Statement) {
        self.open.insert(value, statement);
        self.order.push(value);
    }

    fn flush(&mut self) {
        for value in std::mem::take(&mut self.order) {
            if let Some(statement) = self.open.remove(&value) {
                self.write_down(statement);
            }
        }
    }

    /// One row per table: the first is what a write changes, the others are read.
    fn write_down(&mut self, statement: Statement) {
        let next = self.next.entry(statement.line).or_insert(0);
        *next += 1;
        let number = *next;
        for (place, table) in statement.tables.iter().enumerate() {
            let operation = if place < statement.own { statement.operation } else { Operation::Read };
            let of_table = statement.columns.iter().filter(|(of, _)| of == table);
            let mut columns: Vec<String> = of_table.map(|(_, column)| column.clone()).collect();
            columns.sort();
            columns.dedup();
            self.out.push(TableAccess {
                file: self.file,
                line: statement.line,
                end_line: statement.end_line.max(statement.line),
                statement: number,
                table: table.clone(),
                operation,
                verb: if place < statement.own { statement.verb.clone() } else { "join".to_owned() },
                columns,
                by: AccessBy::Orm,
                owner: statement.place.owner,
                certainty: Certainty(statement.sure),
                in_loop: statement.place.in_loop,
            });
        }
    }
}

/// How many tables a class without its own may stand for before its accesses say nothing of any of them.
const MOST: usize = 12;
