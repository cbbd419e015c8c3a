//! What calls of models and of Knex do to tables.

use super::builder::{Chains, is_no_query, knex_table, kysely_table};
use super::described;
use super::literals::{entry, text};
use super::models::Models;
use super::naming::{Library, snake};
use super::operations::{is_plain, joins, makes_write, of_model};
use super::prisma::Prisma;
use crate::base::{Certainty, FileId, Span};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Place, Places};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use crate::names::FactBase;
use std::collections::BTreeSet;

/// Methods of one row that store or remove it.
const ROW_WRITES: [&str; 11] =
    ["save", "destroy", "update", "remove", "delete", "deleteOne", "updateOne", "increment", "decrement", "restore", "softRemove"];

/// How deep options are followed.
const DEEPEST: u32 = 5;

/// Every access of the files.
pub(super) fn collect(
    base: &FactBase,
    files: &[FileId],
    models: &Models<'_>,
    prisma: &Prisma,
    declared: &BTreeSet<String>,
) -> Vec<TableAccess> {
    let mut found = Vec::new();
    for file in files {
        let facts = base.facts(*file);
        let chains = Chains::of(facts);
        let mut reader = Reader {
            facts,
            file: *file,
            models,
            prisma,
            declared,
            chains: &chains,
            named: named_queries(facts),
            found: &mut found,
            last: (0, 0),
        };
        let mut places = Places::of(facts);
        for call in &facts.calls {
            let place = places.place(call.value);
            reader.read(call, place);
        }
    }
    found
}

/// `.with('recent', (db) => ...)`, `.withRecursive('tree(id, parent)', ...)` of Kysely: a name for a query is no table.
fn named_queries(facts: &FileFacts) -> BTreeSet<&str> {
    let names = facts.calls.iter().filter(|call| facts.last_name(call.callee).is_some_and(|name| name.starts_with("with")));
    let names = names.filter_map(|call| match facts.arguments_of(call) {
        [name, query, ..] if matches!(facts.value(query.value).shape, Shape::Inline(_)) => facts.as_literal(name.value),
        _ => None,
    });
    names.map(|name| name.split('(').next().unwrap_or(name).trim()).collect()
}

struct Reader<'a> {
    facts: &'a FileFacts,
    file: FileId,
    models: &'a Models<'a>,
    prisma: &'a Prisma,
    declared: &'a BTreeSet<String>,
    chains: &'a Chains<'a>,
    /// Names that the file gives to queries of its own: `.with('recent', ...)`.
    named: BTreeSet<&'a str>,
    found: &'a mut Vec<TableAccess>,
    last: (u32, u32),
}

impl Reader<'_> {
    fn read(&mut self, call: &Call, place: Place) {
        let facts = self.facts;
        if let Some(table) = knex_table(facts, call, self.chains, self.declared) {
            return self.built(call, place, &table);
        }
        if let Some((table, operation)) = kysely_table(facts, call) {
            if self.named.contains(table) {
                return;
            }
            // Its plugin for names writes `order_lines` for `orderLines`.
            let stored = snake(table);
            let table = if !self.declared.contains(table) && self.declared.contains(&stored) { stored.as_str() } else { table };
            let verb = facts.last_name(call.callee).unwrap_or_default();
            return self.add(call.span, place, table, operation, verb, AccessBy::QueryBuilder, Certainty::LITERAL);
        }
        if let Some(access) = self.prisma.access(facts, call) {
            self.add(call.span, place, access.table, access.operation, access.verb, AccessBy::Orm, access.certainty);
            for (line, table, operation, verb) in self.prisma.nested(facts, call, &access) {
                self.add(Span { line, end_line: line }, place, table, operation, verb, AccessBy::Orm, access.certainty);
            }
            return;
        }
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return };
        let method = facts.text(method);
        if self.names_model(call, place, object, method) || is_no_query(facts, call) {
            return;
        }
        match method {
            "populate" => self.populated(call, place, object),
            _ if joins(method) || method == "into" => self.joined(call, place, object, method),
            _ => self.model_call(call, place, object, method),
        }
    }

    /// `knex('orders').where(...).update(...)`
    fn built(&mut self, call: &Call, place: Place, table: &str) {
        let steps = self.chains.steps_after(self.facts, call.value);
        let verb = steps.iter().find(|step| makes_write(step));
        let operation = if verb.is_some() { Operation::Write } else { Operation::Read };
        let verb = verb.map_or("select", |verb| verb).to_owned();
        self.add(call.span, place, table, operation, &verb, AccessBy::QueryBuilder, Certainty::LITERAL);
    }

    /// `.join('users', ...)`, `.from('orders')`: counts where the table is declared, or the chain is Knex's.
    fn joined(&mut self, call: &Call, place: Place, object: ValueId, method: &str) {
        let facts = self.facts;
        let Some(first) = facts.arguments_of(call).first() else { return };
        let Some(table) = super::builder::bare_table(facts, first.value) else { return };
        if !self.declared.contains(table) {
            return self.related(call, place, method, table);
        }
        // `knex('a').insert(...)`, and the other way round: `knex.del().from('a')`.
        let before = described::chain(facts, object);
        let steps = before.iter().map(|(_, step)| *step).chain(self.chains.steps_after(facts, call.value));
        let starts = matches!(method, "from" | "table");
        let writes = method == "into" || starts && steps.into_iter().any(makes_write);
        let operation = if writes { Operation::Write } else { Operation::Read };
        let table = table.to_owned();
        self.add(call.span, place, &table, operation, method, AccessBy::QueryBuilder, Certainty(90));
    }

    fn model_call(&mut self, call: &Call, place: Place, object: ValueId, method: &str) {
        let facts = self.facts;
        // Objection and Bookshelf begin with `query()`; what follows says what is done.
        if method == "query" || method == "createQueryBuilder" {
            let Some((model, certainty)) = self.models.meant(self.file, place.owner, object) else { return };
            // TypeORM's `query` is handed SQL.
            if method == "query" && self.models.library_of(model) == Library::TypeOrm {
                return;
            }
            let steps = self.chains.steps_after(facts, call.value);
            let verb = steps.iter().find(|step| makes_write(step));
            let operation = if verb.is_some() { Operation::Write } else { Operation::Read };
            let verb = verb.map_or("query", |verb| verb).to_owned();
            let table = self.models.table_of(model).to_owned();
            return self.add(call.span, place, &table, operation, &verb, AccessBy::Orm, certainty);
        }
        // `this.findBookmark()` of the class itself is no method of the library: what it does stands in it.
        let is_own = || facts.as_name(object).is_some_and(|name| facts.text(name) == "this") && self.has_method(place.owner, method);
        if let Some(operation) = of_model(method).filter(|_| is_plain(method) || !is_own())
            && let Some((model, certainty)) = self.models.meant(self.file, place.owner, object)
        {
            // What TypeORM makes is only an object until it is saved.
            if self.models.library_of(model) == Library::TypeOrm && matches!(method, "create" | "merge") {
                return;
            }
            let table = self.models.table_of(model).to_owned();
            // `this.save()` in a method of the model stores the row, which is a write of its table as well.
            self.add(call.span, place, &table, operation, method, AccessBy::Orm, certainty);
            if self.models.library_of(model) == Library::Sequelize {
                let options = facts.arguments_of(call).iter().filter_map(|argument| entry(facts, argument.value, "include"));
                options.for_each(|include| self.included(include, place, 0));
            }
            return;
        }
        if ROW_WRITES.contains(&method)
            && let Some(name) = facts.as_name(object)
            && let Some(model) = self.row(place.owner, facts.text(name))
        {
            let table = self.models.table_of(model).to_owned();
            self.add(call.span, place, &table, Operation::Write, method, AccessBy::Orm, Certainty(80));
        }
    }

    /// True where the class around defines a method of this name.
    fn has_method(&self, owner: Option<DefinitionId>, method: &str) -> bool {
        let facts = self.facts;
        facts
            .class_around(owner)
            .is_some_and(|class| facts.inside(Some(class)).any(|(_, definition)| facts.text(definition.name) == method))
    }

    /// Calls that are handed a model: `manager.find(User)`, `db.insert(orders)`, `.innerJoin(User, 'u')`.
    fn names_model(&mut self, call: &Call, place: Place, object: ValueId, method: &str) -> bool {
        let facts = self.facts;
        let arguments = facts.arguments_of(call);
        let holder = facts.last_name(object).unwrap_or_default();
        let is_manager = holder == "em" || holder.to_lowercase().ends_with("manager");
        let operation = of_model(method);
        if !(joins(method)
            || is_manager && operation.is_some()
            || matches!(
                method,
                "insert" | "update" | "delete" | "into" | "createQueryBuilder" | "nativeUpdate" | "nativeDelete" | "nativeInsert"
            ))
        {
            return false;
        }
        // `.leftJoinAndMapOne('order.user', User, 'u')`
        let at = usize::from(method.contains("AndMap"));
        let Some(first) = arguments.get(at) else { return false };
        if !matches!(facts.value(first.value).shape, Shape::Name(_) | Shape::Member(..)) {
            return false;
        }
        let meant = self.models.meant(self.file, place.owner, first.value).filter(|(_, certainty)| certainty.0 >= 80);
        let meant = meant.map(|(model, certainty)| (model, certainty, true));
        let row = || {
            let name = facts.as_name(first.value).filter(|_| is_manager)?;
            self.row(place.owner, facts.text(name)).map(|model| (model, Certainty(80), false))
        };
        let Some((model, certainty, is_class)) = meant.or_else(row) else { return false };
        let library = self.models.library_of(model);
        let handed = match library {
            Library::Drizzle => joins(method) || matches!(method, "insert" | "update" | "delete"),
            Library::TypeOrm => {
                is_manager && !(is_class && matches!(method, "create" | "merge")) || method == "createQueryBuilder" || self.is_built(object)
            }
            Library::MikroOrm => is_manager || self.is_built(object),
            _ => false,
        };
        if !handed {
            return false;
        }
        let after = self.chains.steps_after(facts, call.value);
        let before = described::chain(facts, object);
        let steps = after.iter().copied().chain(before.iter().map(|(_, step)| *step));
        let by_chain = matches!(method, "from" | "createQueryBuilder");
        let verb = if by_chain && library != Library::Drizzle { steps.into_iter().find(|step| makes_write(step)) } else { None };
        let writes =
            verb.is_some() || !by_chain && (operation == Some(Operation::Write) || method == "into" || method.starts_with("native"));
        let operation = if writes { Operation::Write } else { Operation::Read };
        let table = self.models.table_of(model).to_owned();
        self.add(call.span, place, &table, operation, verb.unwrap_or(method), AccessBy::Orm, certainty);
        true
    }

    /// True for a chain that begins with a query builder of a mapper, written here or kept in a variable.
    fn is_built(&self, object: ValueId) -> bool {
        let facts = self.facts;
        let begins =
            |value| described::chain(facts, value).iter().any(|(_, step)| matches!(*step, "createQueryBuilder" | "getQueryBuilder" | "qb"));
        let mut at = object;
        while let Some(call) = facts.as_call(at) {
            match facts.value(call.callee).shape {
                Shape::Member(before, _) => at = before,
                _ => break,
            }
        }
        let bound = || {
            let name = facts.as_name(at)?;
            let mut owner = facts.owner_of(at);
            loop {
                if let Some((value, _)) = self.models.bound(self.file, owner, name) {
                    return Some(value);
                }
                owner = facts.definition(owner?).owner;
            }
        };
        begins(object) || bound().is_some_and(begins)
    }

    /// `.leftJoinAndSelect('order.lines', 'line')`: the table that a relation of that name leads to.
    fn related(&mut self, call: &Call, place: Place, method: &str, path: &str) {
        let Some((_, property)) = path.split_once('.') else { return };
        let Shape::Member(object, _) = self.facts.value(call.callee).shape else { return };
        let Some(table) = self.models.behind_property(property).map(str::to_owned) else { return };
        if self.is_built(object) {
            self.add(call.span, place, &table, Operation::Read, method, AccessBy::Orm, Certainty(80));
        }
    }

    /// `include: [{ model: Line, include: [Item] }]` of Sequelize reads those tables, too.
    fn included(&mut self, value: ValueId, place: Place, depth: u32) {
        let facts = self.facts;
        if depth > DEEPEST {
            return;
        }
        match facts.value(value).shape {
            Shape::List(items) => facts.items(items).iter().for_each(|item| self.included(*item, place, depth + 1)),
            Shape::Map(_) => {
                for key in ["model", "include"] {
                    if let Some(inner) = entry(facts, value, key) {
                        self.included(inner, place, depth + 1);
                    }
                }
            }
            Shape::Name(_) | Shape::Member(..) => {
                if let Some((model, certainty)) = self.models.meant(self.file, place.owner, value) {
                    let (line, table) = (facts.value(value).line, self.models.table_of(model).to_owned());
                    self.add(Span { line, end_line: line }, place, &table, Operation::Read, "include", AccessBy::Orm, certainty);
                }
            }
            _ => {}
        }
    }

    /// `Order.find().populate('user')` of Mongoose reads what the column points at.
    fn populated(&mut self, call: &Call, place: Place, object: ValueId) {
        let facts = self.facts;
        let Some(first) = facts.arguments_of(call).first() else { return };
        let Some(paths) = facts.as_literal(first.value).or_else(|| text(facts, first.value, "path")) else { return };
        let mut at = object;
        let model = loop {
            if let Some(found) = self.models.meant(self.file, place.owner, at) {
                break found;
            }
            let Some(before) = facts.as_call(at) else { return };
            let Shape::Member(before, _) = facts.value(before.callee).shape else { return };
            at = before;
        };
        for path in paths.split_whitespace() {
            if let Some(table) = self.models.pointed(model.0, path) {
                self.add(call.span, place, &table, Operation::Read, "populate", AccessBy::Orm, model.1);
            }
        }
    }

    /// The model whose row a local variable holds: `const user = await User.findOne()`, `const user = new User()`.
    fn row(&self, owner: Option<DefinitionId>, name: &str) -> Option<usize> {
        let facts = self.facts;
        let mut at = owner;
        loop {
            let bound = facts.bindings_in(at).filter(|binding| facts.last_name(binding.target) == Some(name));
            for value in bound.filter_map(|binding| binding.value) {
                let Some(call) = facts.as_call(value) else { continue };
                let source = match facts.value(call.callee).shape {
                    Shape::Member(object, method) => {
                        let method = facts.text(method);
                        let one = ["find", "create", "build", "forge", "fetch", "query"].iter().any(|word| method.starts_with(word));
                        one.then_some(object)
                    }
                    _ => Some(call.callee),
                };
                if let Some((model, _)) = source.and_then(|source| self.models.meant(self.file, at, source)) {
                    return Some(model);
                }
            }
            at = facts.definition(at?).owner;
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one access")]
    fn add(&mut self, span: Span, place: Place, table: &str, operation: Operation, verb: &str, by: AccessBy, certainty: Certainty) {
        let line = span.line;
        self.last = if self.last.0 == line { (line, self.last.1 + 1) } else { (line, 0) };
        self.found.push(TableAccess {
            file: self.file,
            line,
            end_line: span.end_line,
            statement: self.last.1,
            table: table.to_owned(),
            operation,
            verb: verb.to_owned(),
            columns: Vec::new(),
            by,
            owner: place.owner,
            certainty,
            in_loop: place.in_loop,
        });
    }
}
