//! What calls of models and of Knex do to tables.

use super::builder::{Chains, is_no_query, knex_table};
use super::models::Models;
use super::operations::{joins, makes_write, of_model};
use super::prisma::Prisma;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, DefinitionId, FileFacts, Shape, ValueId};
use crate::frameworks::orm::{Place, Places};
use crate::frameworks::tables::{AccessBy, Operation, TableAccess};
use crate::names::FactBase;
use std::collections::BTreeSet;

/// Methods of one row that store or remove it.
const ROW_WRITES: [&str; 11] =
    ["save", "destroy", "update", "remove", "delete", "deleteOne", "updateOne", "increment", "decrement", "restore", "softRemove"];

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
        let mut reader = Reader { facts, file: *file, models, prisma, declared, chains: &chains, found: &mut found, last: (0, 0) };
        let mut places = Places::of(facts);
        for call in &facts.calls {
            let place = places.place(call.value);
            reader.read(call, place);
        }
    }
    found
}

struct Reader<'a> {
    facts: &'a FileFacts,
    file: FileId,
    models: &'a Models<'a>,
    prisma: &'a Prisma,
    declared: &'a BTreeSet<String>,
    chains: &'a Chains<'a>,
    found: &'a mut Vec<TableAccess>,
    last: (u32, u32),
}

impl Reader<'_> {
    fn read(&mut self, call: &Call, place: Place) {
        let facts = self.facts;
        if let Some(table) = knex_table(facts, call, self.chains, self.declared) {
            return self.built(call, place, &table);
        }
        if let Some((table, operation, verb, certainty)) = self.prisma.access(facts, call) {
            let table = table.to_owned();
            return self.add(call, place, &table, operation, verb, AccessBy::Orm, certainty);
        }
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return };
        let method = facts.text(method);
        if joins(method) && !is_no_query(facts, call) {
            return self.joined(call, place, method);
        }
        self.model_call(call, place, object, method);
    }

    /// `knex('orders').where(...).update(...)`
    fn built(&mut self, call: &Call, place: Place, table: &str) {
        let steps = self.chains.steps_after(self.facts, call.value);
        let verb = steps.iter().find(|step| makes_write(step));
        let operation = if verb.is_some() { Operation::Write } else { Operation::Read };
        let verb = verb.map_or("select", |verb| verb).to_owned();
        self.add(call, place, table, operation, &verb, AccessBy::QueryBuilder, Certainty::LITERAL);
    }

    /// `.join('users', ...)`, `.from('orders')`: counts where the table is declared, or the chain is Knex's.
    fn joined(&mut self, call: &Call, place: Place, method: &str) {
        let facts = self.facts;
        let Some(first) = facts.arguments_of(call).first() else { return };
        let Some(table) = super::builder::bare_table(facts, first.value) else { return };
        if !self.declared.contains(table) {
            return;
        }
        let steps = self.chains.steps_after(facts, call.value);
        let starts = matches!(method, "from" | "table");
        let writes = starts && steps.iter().any(|step| makes_write(step));
        let operation = if writes { Operation::Write } else { Operation::Read };
        let table = table.to_owned();
        self.add(call, place, &table, operation, method, AccessBy::QueryBuilder, Certainty(90));
    }

    fn model_call(&mut self, call: &Call, place: Place, object: ValueId, method: &str) {
        let facts = self.facts;
        // Objection and Bookshelf begin with `query()`; what follows says what is done.
        if method == "query" || method == "createQueryBuilder" {
            let Some((model, certainty)) = self.models.meant(self.file, place.owner, object) else { return };
            let steps = self.chains.steps_after(facts, call.value);
            let verb = steps.iter().find(|step| makes_write(step));
            let operation = if verb.is_some() { Operation::Write } else { Operation::Read };
            let verb = verb.map_or("query", |verb| verb).to_owned();
            let table = self.models.table_of(model).to_owned();
            return self.add(call, place, &table, operation, &verb, AccessBy::Orm, certainty);
        }
        if let Some(operation) = of_model(method)
            && let Some((model, certainty)) = self.models.meant(self.file, place.owner, object)
        {
            let table = self.models.table_of(model).to_owned();
            // `this.save()` in a method of the model stores the row, which is a write of its table as well.
            return self.add(call, place, &table, operation, method, AccessBy::Orm, certainty);
        }
        if ROW_WRITES.contains(&method)
            && let Some(name) = facts.as_name(object)
            && let Some(model) = self.row(place.owner, facts.text(name))
        {
            let table = self.models.table_of(model).to_owned();
            self.add(call, place, &table, Operation::Write, method, AccessBy::Orm, Certainty(80));
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
    fn add(&mut self, call: &Call, place: Place, table: &str, operation: Operation, verb: &str, by: AccessBy, certainty: Certainty) {
        let line = call.span.line;
        self.last = if self.last.0 == line { (line, self.last.1 + 1) } else { (line, 0) };
        self.found.push(TableAccess {
            file: self.file,
            line,
            end_line: call.span.end_line,
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
