//! Reads and writes through Django's models: managers, querysets, instances, relations.
//!
//! One chain of calls is one statement: `Order.objects.filter(...).update(...)` is a write with the columns its filters
//! name. Evaluation is lazy in Django; the chain counts where it is written.

use super::lookups::{Joined, Walker};
use super::views;
use crate::base::{Certainty, FileId, Tag};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::OpenCall;
use crate::frameworks::orm::{AttributeKind, ClassId, Form, Place, Places, Types, What};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use rustc_hash::{FxHashMap, FxHashSet};

/// Methods of sets that change rows.
const WRITES: [&str; 25] = [
    "create_user",
    "create_superuser",
    "acreate_user",
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
    "bulk_update",
    "add",
    "remove",
    "set",
    "clear",
    "acreate",
    "abulk_create",
    "aget_or_create",
    "aupdate_or_create",
    "aupdate",
    "adelete",
    "abulk_update",
    "aadd",
    "aremove",
    "aset",
    "aclear",
];

/// Of those, the ones that change the table in between, not the rows themselves.
const LINKS: [&str; 8] = ["add", "remove", "set", "clear", "aadd", "aremove", "aset", "aclear"];

/// Methods of a row that change it.
const ROW_WRITES: [&str; 9] = ["save", "delete", "asave", "adelete", "save_base", "add_child", "add_sibling", "move", "move_to"];

/// Methods of a model's class that change its rows (trees).
const CLASS_WRITES: [&str; 2] = ["add_root", "load_bulk"];

/// Methods of a row that read it again.
const ROW_READS: [&str; 2] = ["refresh_from_db", "arefresh_from_db"];

/// The method that gives a set without rows: nothing is asked of the database.
const NONE: &str = "none";

/// A chain of calls that is still growing.
struct Chain {
    class: ClassId,
    via: Option<String>,
    place: Place,
    line: u32,
    end_line: u32,
    operation: Operation,
    verb: String,
    /// A write to the links between two tables.
    links: bool,
    joined: Joined,
    sure: u8,
}

/// Collects the accesses of every file of the application.
pub(in crate::frameworks) fn collect(types: &Types<'_>, out: &mut Vec<TableAccess>, open: &mut Vec<OpenCall>) {
    for file in types.classes.base.ids() {
        let entry = types.classes.base.file(file);
        if entry.source.language.0 != "python" || entry.left_out || entry.tags.contains(Tag::Migration) {
            continue;
        }
        of_file(types, file, out, open);
    }
    of_classes(types, out);
}

/// What generic views, forms and serializers do by being what they are.
fn of_classes(types: &Types<'_>, out: &mut Vec<TableAccess>) {
    for working in views::find(types) {
        let (file, class) = working.class;
        let header = types.classes.base.facts(file).definition(class);
        let tables = types.entities.tables(working.model);
        if tables.len() > MOST_BELOW {
            continue;
        }
        let removes =
            working.operation == Operation::Write && matches!(working.base, "DeleteView" | "DestroyAPIView" | "DestroyModelMixin");
        let cascade = if removes { types.entities.cascade(working.model) } else { Vec::new() };
        let rows = tables.into_iter().map(|table| (table.to_owned(), working.base));
        for (table, verb) in rows.chain(cascade.into_iter().map(|table| (table, "cascade"))) {
            out.push(TableAccess {
                file,
                line: header.span.line,
                end_line: header.span.line,
                statement: 0,
                table,
                operation: working.operation,
                verb: verb.to_owned(),
                columns: Vec::new(),
                by: AccessBy::Orm,
                owner: Some(class),
                certainty: Certainty(70),
                in_loop: false,
            });
        }
    }
}

/// The accesses of one file.
fn of_file(types: &Types<'_>, file: FileId, out: &mut Vec<TableAccess>, open: &mut Vec<OpenCall>) {
    let facts = types.classes.base.facts(file);
    let mut scan = Scan {
        types,
        file,
        facts,
        chains: FxHashMap::default(),
        order: Vec::new(),
        targets: targets(facts),
        next: FxHashMap::default(),
        out,
    };
    let mut places = Places::of(facts);
    for (index, value) in (0u32..).zip(&facts.values) {
        let value_id = ValueId(index);
        match value.shape {
            Shape::Call(call) => {
                let place = places.place(value_id);
                scan.call(&facts.calls[call.0 as usize], place, open);
            }
            Shape::Member(object, name) => {
                let place = places.place(value_id);
                scan.member(value_id, object, facts.text(name), value.line, place);
            }
            _ => {}
        }
    }
    scan.flush();
}

/// Values that are given something: `order.status = x` reads nothing.
fn targets(facts: &FileFacts) -> FxHashSet<ValueId> {
    facts.bindings.iter().map(|binding| binding.target).collect()
}

struct Scan<'a, 'b> {
    types: &'a Types<'a>,
    file: FileId,
    facts: &'a FileFacts,
    chains: FxHashMap<ValueId, Chain>,
    order: Vec<ValueId>,
    targets: FxHashSet<ValueId>,
    next: FxHashMap<u32, u32>,
    out: &'b mut Vec<TableAccess>,
}

impl Scan<'_, '_> {
    fn member(&mut self, value: ValueId, object: ValueId, name: &str, line: u32, place: Place) {
        let of = self.types.of(self.file, place.owner, object);
        let here = self.types.of(self.file, place.owner, value);
        match (&of.what, &here.what) {
            // `Model.objects`, `order.lines`
            (What::Class(_) | What::Instance(_), What::Set(class, via)) if self.types.entities.get(*class).is_some() => {
                // A row has no managers, and a class no rows to follow its relations from (`Order.tags.through`).
                match of.what {
                    What::Instance(owner) if !self.is_relation(owner, name) => return,
                    What::Class(owner) if self.types.by_session(owner) || self.is_relation(owner, name) => return,
                    What::Instance(owner) if self.types.by_session(owner) && self.targets.contains(&value) => return,
                    _ => {}
                }
                let chain = Chain {
                    class: *class,
                    via: via.clone(),
                    place,
                    line,
                    end_line: line,
                    operation: Operation::Read,
                    verb: name.to_owned(),
                    links: false,
                    joined: Joined::default(),
                    sure: here.sure,
                };
                self.begin(value, chain);
            }
            // `line.order`: the row behind a key is fetched.
            (What::Instance(owner), _) if !self.targets.contains(&value) => {
                let Some(attribute) = self.types.entities.attribute(*owner, name) else { return };
                let AttributeKind::Relation(relation) = &attribute.kind else { return };
                let tables: Vec<String> = match relation.class {
                    Some(class) => self.types.entities.tables(class).into_iter().map(str::to_owned).collect(),
                    None => relation.table.iter().cloned().collect(),
                };
                let columns: Vec<String> = Vec::new();
                let statement = self.statement(line);
                for table in tables {
                    self.push(line, line, statement, table, Operation::Read, name, &columns, place, of.sure.min(80));
                }
            }
            _ => {}
        }
    }

    fn is_relation(&self, class: ClassId, name: &str) -> bool {
        self.types.entities.attribute(class, name).is_some_and(|found| matches!(found.kind, AttributeKind::Relation(_)))
    }

    fn begin(&mut self, value: ValueId, chain: Chain) {
        self.chains.insert(value, chain);
        self.order.push(value);
    }

    fn call(&mut self, call: &Call, place: Place, open: &mut Vec<OpenCall>) {
        let facts = self.facts;
        if let Shape::Member(object, name) = facts.value(call.callee).shape {
            let method = facts.text(name);
            let of = self.types.of(self.file, place.owner, object);
            match of.what {
                What::Set(class, _) if self.types.by_session(class) => return,
                // What gives one row in a way nobody could follow.
                What::Set(class, _) if matches!(method, "save" | "asave" | "refresh_from_db") => {
                    return self.row_call(call, method, class, of.sure.min(70), place);
                }
                What::Set(class, _) if self.types.is_row_method(class, method) => return,
                What::Set(class, ref via) if method != "model" => {
                    return self.set_call(call, object, method, class, via.clone(), of.sure, place);
                }
                What::Instance(class) if self.types.entities.get(class).is_some() => {
                    return self.row_call(call, method, class, of.sure, place);
                }
                What::Class(class) if CLASS_WRITES.contains(&method) && self.types.entities.get(class).is_some() => {
                    return self.emit(class, None, Operation::Write, method, &Joined::default(), false, call, of.sure, place);
                }
                // A form's or serializer's `save` stores its model.
                What::Instance(class) if method == "save" => {
                    if let Some(model) = self.types.subject(class, 12) {
                        return self.emit(model, None, Operation::Write, "save", &Joined::default(), false, call, of.sure.min(85), place);
                    }
                }
                What::Foreign(ref table, form, ref via) => {
                    let operation = match form {
                        Form::Set if WRITES.contains(&method) => Operation::Write,
                        Form::Instance if ROW_WRITES.contains(&method) => Operation::Write,
                        Form::Set => Operation::Read,
                        Form::Instance | Form::Class => return,
                    };
                    let statement = self.statement(call.span.line);
                    let (line, end) = (call.span.line, call.span.end_line);
                    if let Some(via) = via {
                        self.push(line, end, statement, via.clone(), operation, method, &[], place, of.sure);
                    }
                    if via.is_none() || !LINKS.contains(&method) {
                        self.push(line, end, statement, table.clone(), operation, method, &[], place, of.sure);
                    }
                    return;
                }
                What::Unknown => {
                    if let Some(class) = self.types.super_of(self.file, place.owner, object) {
                        return self.super_call(call, method, class, place);
                    }
                    if matches!(method, "save" | "bulk_create" | "update_or_create" | "get_or_create") && !call.used | (method != "save") {
                        self.unknown(call, object, method, place, open);
                    }
                }
                _ => {}
            }
        }
        let name = facts.last_name(call.callee).unwrap_or("");
        if matches!(name, "get_object_or_404" | "get_list_or_404")
            && let Some(argument) = facts.argument(call, 0, "klass")
            && let What::Class(class) = self.types.of(self.file, place.owner, argument).what
        {
            let mut joined = Joined::default();
            Walker { types: self.types, file: self.file }.arguments(class, call, "filter", &mut joined);
            return self.emit(class, None, Operation::Read, name, &joined, false, call, 100, place);
        }
        if let Some(position) =
            ["modelformset_factory", "inlineformset_factory", "modelform_factory"].iter().position(|known| *known == name)
            && let Some(argument) = facts.argument(call, usize::from(position == 1), "model")
            && let What::Class(class) = self.types.of(self.file, place.owner, argument).what
        {
            return self.emit(class, None, Operation::Write, name, &Joined::default(), false, call, 70, place);
        }
        let callee = self.types.of(self.file, place.owner, call.callee);
        if let What::Foreign(table, Form::Class, _) = &callee.what {
            let statement = self.statement(call.span.line);
            let (line, end) = (call.span.line, call.span.end_line);
            return self.push(line, end, statement, table.clone(), Operation::Write, "construct", &[], place, callee.sure.min(60));
        }
        if let What::Class(class) = callee.what
            && self.types.entities.get(class).is_some()
        {
            let mut joined = Joined::default();
            joined.columns.extend(facts.arguments_of(call).iter().filter_map(|argument| {
                let name = argument.name.map(|name| facts.text(name))?;
                Walker { types: self.types, file: self.file }.column(class, name)
            }));
            // The row is made here; whoever saves it may be somebody else.
            self.emit(class, None, Operation::Write, "construct", &joined, false, call, callee.sure.min(60), place);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one step of a chain and what is known before it")]
    fn set_call(&mut self, call: &Call, object: ValueId, method: &str, class: ClassId, via: Option<String>, sure: u8, place: Place) {
        let mut chain = match self.chains.remove(&object) {
            Some(chain) => chain,
            None => Chain {
                class,
                via,
                place,
                line: call.span.line,
                end_line: call.span.line,
                operation: Operation::Read,
                verb: method.to_owned(),
                links: false,
                joined: Joined::default(),
                sure,
            },
        };
        // Where the chain starts on an earlier line than this method stands on, the line of its start counts.
        chain.line = chain.line.min(call.span.line);
        chain.end_line = call.span.end_line;
        if WRITES.contains(&method) {
            chain.operation = Operation::Write;
            chain.verb = method.to_owned();
            chain.links = LINKS.contains(&method);
        } else if chain.operation == Operation::Read && chain.verb != NONE {
            method.clone_into(&mut chain.verb);
        }
        if method == "bulk_update"
            && let Some(fields) = self.facts.argument(call, 1, "fields")
        {
            self.named_columns(class, fields, &mut chain.joined);
        }
        Walker { types: self.types, file: self.file }.arguments(class, call, method, &mut chain.joined);
        self.begin(call.value, chain);
    }

    fn row_call(&mut self, call: &Call, method: &str, class: ClassId, sure: u8, place: Place) {
        let operation = match method {
            _ if ROW_WRITES.contains(&method) => Operation::Write,
            _ if ROW_READS.contains(&method) => Operation::Read,
            _ => return,
        };
        let mut joined = Joined::default();
        if let Some(fields) = self.facts.argument(call, 3, "update_fields") {
            self.named_columns(class, fields, &mut joined);
        }
        self.emit(class, None, operation, method, &joined, false, call, sure, place);
    }

    /// The columns that a list of attribute names means.
    fn named_columns(&self, class: ClassId, list: ValueId, out: &mut Joined) {
        let Shape::List(parts) = self.facts.value(list).shape else { return };
        let walker = Walker { types: self.types, file: self.file };
        let names = self.facts.items(parts).iter().filter_map(|part| self.facts.as_literal(*part));
        out.columns.extend(names.filter_map(|name| walker.column(class, name)));
    }

    fn super_call(&mut self, call: &Call, method: &str, class: ClassId, place: Place) {
        if self.types.entities.get(class).is_some() {
            self.row_call(call, method, class, 100, place);
            return;
        }
        let operation = if WRITES.contains(&method) { Operation::Write } else { Operation::Read };
        match self.types.of(self.file, place.owner, call.value).what {
            // `super().get_queryset()` is where a chain starts.
            What::Set(model, via) => {
                let (line, end_line) = (call.span.line, call.span.end_line);
                let (verb, joined) = (method.to_owned(), Joined::default());
                self.begin(call.value, Chain { class: model, via, place, line, end_line, operation, verb, links: false, joined, sure: 85 });
            }
            What::Instance(model) | What::Pair(model) if operation == Operation::Write => {
                self.emit(model, None, operation, method, &Joined::default(), false, call, 85, place);
            }
            _ => {}
        }
    }

    /// A call that surely stores something, on a thing nobody can follow.
    fn unknown(&self, call: &Call, object: ValueId, method: &str, place: Place, open: &mut Vec<OpenCall>) {
        // A web session is saved by its own engine, wherever that keeps it.
        if self.facts.last_name(object) == Some("session") || method == "save" && self.is_file(call, object, place) {
            return;
        }
        let receiver = self.facts.dotted(object).unwrap_or_else(|| "an expression".to_owned());
        open.push(OpenCall {
            file: self.file,
            line: call.span.line,
            kind: "table",
            text: format!("{receiver}.{method}()"),
            reason: "which model this is cannot be told from the code around it".to_owned(),
        });
    }

    /// A file is saved under a name and with its content, and is often the value of a model's column.
    fn is_file(&self, call: &Call, object: ValueId, place: Place) -> bool {
        let facts = self.facts;
        let given = facts.arguments_of(call).iter().filter(|argument| argument.name.is_none() && !argument.spread);
        if given.count() >= 2 || facts.arguments_of(call).first().is_some_and(|first| facts.as_literal(first.value).is_some()) {
            return true;
        }
        let Shape::Member(owner, name) = facts.value(object).shape else { return false };
        let What::Instance(class) = self.types.of(self.file, place.owner, owner).what else { return false };
        let attribute = self.types.entities.attribute(class, facts.text(name));
        attribute.is_some_and(|attribute| matches!(attribute.kind, AttributeKind::Column(_)))
    }

    fn statement(&mut self, line: u32) -> u32 {
        let next = self.next.entry(line).or_insert(0);
        *next += 1;
        *next
    }

    /// Writes down the chains that nothing took further.
    fn flush(&mut self) {
        for value in std::mem::take(&mut self.order) {
            let Some(chain) = self.chains.remove(&value).filter(|chain| chain.verb != NONE) else { continue };
            let statement = self.statement(chain.line);
            self.rows(&chain, statement);
        }
    }

    fn rows(&mut self, chain: &Chain, statement: u32) {
        let Chain { class, via, place, line, end_line, operation, verb, links, joined, sure } = chain;
        let (own, between) = match (via, links) {
            // Links are rows of the table in between, or else the key on the other side.
            (Some(_), true) => (Operation::Read, Operation::Write),
            (Some(_), false) if verb.ends_with("create") => (Operation::Write, Operation::Write),
            _ => (*operation, Operation::Read),
        };
        let touches_rows = via.is_none() || !links;
        if touches_rows {
            self.tables(*class, *line, *end_line, statement, own, verb, &joined.columns, *place, *sure);
        }
        if let Some(table) = via {
            self.push(*line, *end_line, statement, table.clone(), between, verb, &[], *place, *sure);
        }
        self.joins(joined, *line, *end_line, statement, *place, *sure);
    }

    fn joins(&mut self, joined: &Joined, line: u32, end_line: u32, statement: u32, place: Place, sure: u8) {
        for table in &joined.tables {
            self.push(line, end_line, statement, table.clone(), Operation::Read, "join", &[], place, sure);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one access")]
    fn emit(
        &mut self,
        class: ClassId,
        via: Option<String>,
        operation: Operation,
        verb: &str,
        joined: &Joined,
        links: bool,
        call: &Call,
        sure: u8,
        place: Place,
    ) {
        let chain = Chain {
            class,
            via,
            place,
            line: call.span.line,
            end_line: call.span.end_line,
            operation,
            verb: verb.to_owned(),
            links,
            joined: joined.clone(),
            sure,
        };
        let statement = self.statement(chain.line);
        self.rows(&chain, statement);
    }

    /// One row per table behind a class: several for an abstract one, then less sure.
    #[allow(clippy::too_many_arguments, reason = "the parts of one access")]
    fn tables(
        &mut self,
        class: ClassId,
        line: u32,
        end_line: u32,
        statement: u32,
        operation: Operation,
        verb: &str,
        columns: &[String],
        place: Place,
        sure: u8,
    ) {
        let tables: Vec<String> = self.types.entities.tables(class).into_iter().map(str::to_owned).collect();
        // What any of dozens of models may do says nothing of one of them.
        if tables.len() > MOST_BELOW {
            return;
        }
        let sure = if tables.len() > 1 { sure.min(50) } else { sure };
        for table in tables {
            self.push(line, end_line, statement, table, operation, verb, columns, place, sure);
        }
        if operation == Operation::Write && matches!(verb, "delete" | "adelete") {
            for table in self.types.entities.cascade(class) {
                self.push(line, end_line, statement, table, operation, "cascade", &[], place, sure.min(90));
            }
        }
        if operation == Operation::Write
            && matches!(verb, "save" | "create" | "delete" | "bulk_create")
            && let Some(entity) = self.types.entities.get(class)
        {
            for parent in entity.parent_tables.clone() {
                self.push(line, end_line, statement, parent, operation, verb, &[], place, sure);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one access")]
    fn push(
        &mut self,
        line: u32,
        end_line: u32,
        statement: u32,
        table: String,
        operation: Operation,
        verb: &str,
        columns: &[String],
        place: Place,
        sure: u8,
    ) {
        let mut columns = columns.to_vec();
        columns.sort();
        columns.dedup();
        self.out.push(TableAccess {
            file: self.file,
            line,
            end_line: end_line.max(line),
            statement,
            table,
            operation,
            verb: verb.to_owned(),
            columns,
            by: AccessBy::Orm,
            owner: place.owner,
            certainty: Certainty(sure),
            in_loop: place.in_loop,
        });
    }
}

/// How many tables an abstract class may stand for before its accesses say nothing of any of them.
const MOST_BELOW: usize = 12;
