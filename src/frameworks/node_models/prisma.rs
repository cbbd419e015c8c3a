//! Prisma: which table a member of the client means. The tables themselves are read with the other schemas.

use super::literals::entries;
use super::operations::of_model;
use crate::base::{Certainty, FileId};
use crate::facts::{Call, FileFacts, Shape, ValueId};
use crate::frameworks::tables::{Declaration, DeclaredBy, DeclaredTable, MappedBy, Operation};
use crate::names::{FactBase, Names};
use std::collections::BTreeMap;

/// What is written inside `data` to change rows behind a relation.
const NESTED_WRITES: [&str; 8] = ["create", "createMany", "connectOrCreate", "update", "updateMany", "upsert", "delete", "deleteMany"];

/// Names that clients have where they are not called after the library.
const CLIENTS: [&str; 6] = ["tx", "trx", "db", "client", "transaction", "database"];

/// Models of all schemas by the client's name for them.
pub(super) struct Prisma(BTreeMap<String, Mapped>);

struct Mapped {
    model: String,
    table: String,
    file: Option<FileId>,
    line: u32,
    /// Fields and their types; those that are models are relations.
    fields: BTreeMap<String, String>,
}

/// What one call does.
pub(super) struct PrismaAccess<'a> {
    pub(super) table: &'a str,
    pub(super) operation: Operation,
    pub(super) verb: &'a str,
    pub(super) certainty: Certainty,
    mapped: &'a Mapped,
}

/// How deep options are followed.
const DEEPEST: u32 = 5;

/// What a call does to tables behind relations: the line, the table, what is done and the word for it.
type Nested<'a> = (u32, &'a str, Operation, &'a str);

impl Prisma {
    pub(super) fn read(base: &FactBase, names: &Names) -> Self {
        let mut found = BTreeMap::new();
        for manifest in base.manifests.iter().filter(|manifest| manifest.path.as_str().ends_with(".prisma")) {
            let file = names.tree().file(manifest.path.as_str());
            let mut open: Option<Mapped> = None;
            for (line, written) in (1u32..).zip(manifest.text.lines()) {
                let code = written.trim();
                if let Some(name) = code.strip_prefix("model ").map(|rest| rest.trim_end_matches('{').trim()) {
                    open = Some(Mapped { model: name.to_owned(), table: name.to_owned(), file, line, fields: BTreeMap::new() });
                } else if let (Some(table), Some(mapped)) =
                    (code.strip_prefix("@@map(\"").and_then(|rest| rest.split('"').next()), &mut open)
                {
                    table.clone_into(&mut mapped.table);
                } else if let (Some(mapped), [field, kind, ..]) = (&mut open, &code.split_whitespace().collect::<Vec<_>>()[..])
                    && !field.starts_with(['@', '/'])
                {
                    mapped.fields.insert((*field).to_owned(), member(kind.trim_end_matches(['[', ']', '?'])));
                } else if code.starts_with('}')
                    && let Some(mapped) = open.take()
                {
                    found.entry(member(&mapped.model)).or_insert(mapped);
                }
            }
        }
        Self(found)
    }

    /// Who maps which table; columns and keys are the schema's to say.
    pub(super) fn tables(&self) -> Vec<DeclaredTable> {
        let mapped = self.0.values().filter_map(|mapped| {
            let file = mapped.file?;
            let mut table = super::described::empty_table(&mapped.table, Declaration { file, line: mapped.line, by: DeclaredBy::Orm });
            table.model = Some((file, MappedBy::Variable(mapped.model.clone())));
            Some(table)
        });
        mapped.collect()
    }

    /// `prisma.order.findMany()`
    pub(super) fn access<'a>(&'a self, facts: &'a FileFacts, call: &Call) -> Option<PrismaAccess<'a>> {
        let Shape::Member(object, method) = facts.value(call.callee).shape else { return None };
        let Shape::Member(client, model) = facts.value(object).shape else { return None };
        let mapped = self.0.get(facts.text(model))?;
        let method = facts.text(method);
        let client = facts.last_name(client)?;
        let certainty = if client.to_lowercase().contains("prisma") {
            Certainty::LITERAL
        } else if CLIENTS.contains(&client) {
            Certainty(80)
        } else {
            return None;
        };
        Some(PrismaAccess { table: &mapped.table, operation: of_model(method)?, verb: method, certainty, mapped })
    }

    /// `include` and `select` read what relations lead to; `create` and its kin inside `data` write it.
    pub(super) fn nested<'a>(&'a self, facts: &'a FileFacts, call: &Call, access: &PrismaAccess<'a>) -> Vec<Nested<'a>> {
        let mut found = Vec::new();
        if let Some(options) = facts.arguments_of(call).first() {
            self.options(facts, options.value, access.mapped, 0, &mut found);
        }
        found
    }

    fn options<'a>(&'a self, facts: &'a FileFacts, options: ValueId, mapped: &'a Mapped, depth: u32, found: &mut Vec<Nested<'a>>) {
        if depth > DEEPEST {
            return;
        }
        for (option, value) in entries(facts, options) {
            let writes = matches!(option, "data" | "create" | "update" | "upsert");
            if !writes && !matches!(option, "include" | "select") {
                continue;
            }
            for (field, inner) in entries(facts, value) {
                let Some(other) = mapped.fields.get(field).and_then(|kind| self.0.get(kind)) else { continue };
                let line = facts.value(inner).line;
                let written = entries(facts, inner).into_iter().find(|(verb, _)| NESTED_WRITES.contains(verb));
                match written.filter(|_| writes) {
                    Some((verb, _)) => found.push((line, &other.table, Operation::Write, verb)),
                    None if writes || matches!(facts.value(inner).shape, Shape::Constant(text) if facts.text(text) == "false") => {}
                    None => found.push((line, &other.table, Operation::Read, option)),
                }
                self.options(facts, inner, other, depth + 1, found);
            }
        }
    }
}

/// `orderLine` for `OrderLine`.
fn member(model: &str) -> String {
    let mut letters = model.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
